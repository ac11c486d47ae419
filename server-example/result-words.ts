import type { Release } from '../src/contract/schemas.ts'
import type { PaymentState, Reason } from '../src/contract/states.ts'
import type { Language } from './language.ts'

/** Heading and sentence for one state of a payment. */
interface Outcome {
  readonly heading: string
  readonly message: string
}

/** What the return page says without a script. The script's own panel takes over with the same meaning. */
export interface ResultWords {
  readonly title: string
  readonly heading: string
  readonly outcomes: Readonly<Record<PaymentState | 'unknown-token', Outcome>>
  readonly reasons: Readonly<Record<Reason, string>>
  readonly amount: string
  readonly reference: string
  readonly transaction: string
  readonly paidAt: string
  readonly refunded: string
  /** The message of a paid payment of which nothing is left. */
  readonly allBack: string
  readonly parcel: string
  readonly release: Readonly<Record<Release['state'], string>>
  readonly resume: string
  readonly again: string
  readonly check: string
  readonly home: string
}

const confirmingEn: Outcome = {
  heading: 'We are still confirming',
  message: 'iPay has not told us the outcome yet. Please do not pay again. Check again in a moment.',
}

const en: ResultWords = {
  title: 'Your payment',
  heading: 'Your payment',
  outcomes: {
    created: {
      heading: 'Not finished yet',
      message: 'This payment is not finished. If you have just paid, wait a moment. If not, continue.',
    },
    processing: confirmingEn,
    paid: { heading: 'Paid. Thank you!', message: 'We have received your payment and are preparing your order.' },
    cancelled: { heading: 'Payment cancelled', message: 'You were not charged by this attempt.' },
    failed: { heading: 'Payment did not go through', message: 'You were not charged by this attempt.' },
    expired: {
      heading: 'The time to pay ran out',
      message: 'You were not charged by this attempt. Start again when you are ready.',
    },
    unresolved: {
      heading: 'We are still confirming',
      message:
        'We do not know yet if you have paid. Please do not pay again. Check again later, or ask the shop with the reference below.',
    },
    'unknown-token': {
      heading: 'No payment here',
      message: 'We do not know this payment. Check the link, or ask the shop before you pay again.',
    },
  },
  reasons: {
    'insufficient-balance': 'Your balance is too low. Add money, then try again.',
    'account-blocked': 'This iPay account is blocked. Contact iPay.',
    'limit-exceeded': 'This is over your payment limit. Try again later, or with less in the cart.',
    declined: 'The payment was declined. Try again, or ask iPay or your bank.',
    technical: 'iPay had a technical problem. Try again.',
    unknown: 'iPay gave no reason. You can try again.',
  },
  amount: 'Amount',
  reference: 'Reference',
  transaction: 'iPay transaction ID',
  paidAt: 'Paid',
  refunded: 'Refunded',
  allBack: 'Your payment was refunded in full.',
  parcel: 'Parcel',
  release: {
    waiting: 'Not delivered yet',
    authorized: 'Ready for delivery',
    released: 'Delivered',
    returning: 'On its way back to the shop',
    returned: 'Back at the shop',
  },
  resume: 'Continue to payment',
  again: 'Try again',
  check: 'Check again',
  home: 'Back to the shop',
}

const confirmingBn: Outcome = {
  heading: 'এখনও নিশ্চিত নয়',
  message: 'আইপে এখনও ফলাফল জানায়নি। দয়া করে আবার টাকা দেবেন না। একটু পরে আবার যাচাই করুন।',
}

const bn: ResultWords = {
  title: 'আপনার পেমেন্ট',
  heading: 'আপনার পেমেন্ট',
  outcomes: {
    created: {
      heading: 'পেমেন্ট শেষ হয়নি',
      message: 'পেমেন্ট শেষ হয়নি। এইমাত্র টাকা দিয়ে থাকলে একটু অপেক্ষা করুন, না দিলে চালিয়ে যান।',
    },
    processing: confirmingBn,
    paid: { heading: 'পেমেন্ট সফল হয়েছে। ধন্যবাদ!', message: 'আপনার পেমেন্ট পেয়েছি। অর্ডারটি তৈরি করা হচ্ছে।' },
    cancelled: { heading: 'পেমেন্ট বাতিল হয়েছে', message: 'এই চেষ্টায় আপনার কোনো টাকা কাটা হয়নি।' },
    failed: { heading: 'পেমেন্ট হয়নি', message: 'এই চেষ্টায় আপনার কোনো টাকা কাটা হয়নি।' },
    expired: { heading: 'পেমেন্টের সময় শেষ', message: 'এই চেষ্টায় আপনার কোনো টাকা কাটা হয়নি। চাইলে আবার শুরু করুন।' },
    unresolved: {
      heading: 'এখনও নিশ্চিত নয়',
      message:
        'পেমেন্ট হয়েছে কি না, এখনও জানা যায়নি। দয়া করে আবার টাকা দেবেন না। পরে আবার যাচাই করুন, বা নিচের রেফারেন্সটি জানিয়ে দোকানে জিজ্ঞেস করুন।',
    },
    'unknown-token': {
      heading: 'পেমেন্ট পাওয়া যায়নি',
      message: 'এই পেমেন্ট খুঁজে পাওয়া যায়নি। আবার টাকা দেওয়ার আগে লিংকটি মিলিয়ে দেখুন, বা দোকানে জিজ্ঞেস করুন।',
    },
  },
  reasons: {
    'insufficient-balance': 'অ্যাকাউন্টে যথেষ্ট টাকা নেই। টাকা যোগ করে আবার চেষ্টা করুন।',
    'account-blocked': 'এই আইপে অ্যাকাউন্ট ব্লক করা আছে। আইপের সঙ্গে যোগাযোগ করুন।',
    'limit-exceeded': 'লেনদেনের সীমা পার হয়েছে। পরে আবার চেষ্টা করুন, বা কার্টের পণ্য কমান।',
    declined: 'পেমেন্টটি গ্রহণ করা হয়নি। আবার চেষ্টা করুন, নয়তো আইপে বা ব্যাংকে জিজ্ঞেস করুন।',
    technical: 'আইপেতে কারিগরি সমস্যা হয়েছে। আবার চেষ্টা করুন।',
    unknown: 'আইপে কোনো কারণ জানায়নি। আবার চেষ্টা করতে পারেন।',
  },
  amount: 'টাকার পরিমাণ',
  reference: 'রেফারেন্স',
  transaction: 'আইপে ট্রানজেকশন আইডি',
  paidAt: 'পেমেন্টের সময়',
  refunded: 'ফেরত দেওয়া হয়েছে',
  allBack: 'পুরো টাকা ফেরত দেওয়া হয়েছে।',
  parcel: 'পার্সেল',
  release: {
    waiting: 'এখনও ডেলিভারি হয়নি',
    authorized: 'ডেলিভারির জন্য তৈরি',
    released: 'ডেলিভারি হয়েছে',
    returning: 'দোকানে ফেরত যাচ্ছে',
    returned: 'দোকানে ফেরত গেছে',
  },
  resume: 'পেমেন্ট চালিয়ে যান',
  again: 'আবার চেষ্টা করুন',
  check: 'আবার যাচাই করুন',
  home: 'দোকানে ফিরে যান',
}

export const RESULT_WORDS: Readonly<Record<Language, ResultWords>> = { en, bn }
