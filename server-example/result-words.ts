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
  message: 'iPay has not told us the outcome yet. Please do not pay twice: check again in a moment.',
}

const en: ResultWords = {
  title: 'Your payment',
  heading: 'Your payment',
  outcomes: {
    created: {
      heading: 'Not finished yet',
      message: 'This payment is not finished. Continue where you left off, or wait a moment if you have just paid.',
    },
    processing: confirmingEn,
    paid: { heading: 'Paid. Thank you!', message: 'We have received your payment and your order is on its way.' },
    cancelled: { heading: 'Payment cancelled', message: 'You were not charged by this attempt.' },
    failed: { heading: 'Payment did not go through', message: 'You were not charged by this attempt.' },
    expired: {
      heading: 'The payment page has expired',
      message: 'You were not charged by this attempt. Start again when you are ready.',
    },
    unresolved: {
      heading: 'We are still confirming',
      message: 'We could not find out yet whether you paid. Please do not pay twice, and keep the reference below.',
    },
    'unknown-token': { heading: 'No payment here', message: 'This address belongs to no payment of ours.' },
  },
  reasons: {
    'insufficient-balance': 'There was not enough money in the account.',
    'account-blocked': 'The account is blocked. iPay can tell you why.',
    'limit-exceeded': 'The payment is above a limit of the account. Try again later, or with less in the cart.',
    declined: 'The payment was declined.',
    technical: 'There was a technical fault at iPay.',
    unknown: 'iPay gave no reason.',
  },
  amount: 'Amount',
  reference: 'Reference',
  transaction: 'iPay transaction',
  paidAt: 'Paid',
  refunded: 'Refunded',
  allBack: 'Your payment was refunded in full.',
  parcel: 'Parcel',
  release: {
    waiting: 'Not handed over yet',
    authorized: 'Ready to be handed to you',
    released: 'Handed over',
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
  message: 'iPay এখনও ফলাফল জানায়নি। দয়া করে আবার টাকা দেবেন না, একটু পরে আবার দেখুন।',
}

const bn: ResultWords = {
  title: 'আপনার পেমেন্ট',
  heading: 'আপনার পেমেন্ট',
  outcomes: {
    created: {
      heading: 'পেমেন্ট শেষ হয়নি',
      message: 'পেমেন্টটি শেষ হয়নি। যেখানে থেমেছিলেন, সেখান থেকে চালিয়ে যান; এইমাত্র টাকা দিয়ে থাকলে একটু অপেক্ষা করুন।',
    },
    processing: confirmingBn,
    paid: { heading: 'পেমেন্ট হয়েছে। ধন্যবাদ!', message: 'আপনার টাকা আমরা পেয়েছি, অর্ডারটি পাঠানো হচ্ছে।' },
    cancelled: { heading: 'পেমেন্ট বাতিল হয়েছে', message: 'এই চেষ্টায় আপনার কোনো টাকা কাটা হয়নি।' },
    failed: { heading: 'পেমেন্ট হয়নি', message: 'এই চেষ্টায় আপনার কোনো টাকা কাটা হয়নি।' },
    expired: { heading: 'পেমেন্টের সময় শেষ', message: 'এই চেষ্টায় আপনার কোনো টাকা কাটা হয়নি। চাইলে আবার শুরু করুন।' },
    unresolved: {
      heading: 'এখনও নিশ্চিত নয়',
      message: 'টাকা দেওয়া হয়েছে কি না, তা এখনও জানা যায়নি। দয়া করে আবার টাকা দেবেন না, আর নিচের রেফারেন্সটি রেখে দিন।',
    },
    'unknown-token': { heading: 'এখানে কোনো পেমেন্ট নেই', message: 'এই ঠিকানায় আমাদের কোনো পেমেন্ট নেই।' },
  },
  reasons: {
    'insufficient-balance': 'অ্যাকাউন্টে যথেষ্ট টাকা ছিল না।',
    'account-blocked': 'অ্যাকাউন্টটি বন্ধ আছে। কারণ iPay জানাতে পারবে।',
    'limit-exceeded': 'টাকার অঙ্ক অ্যাকাউন্টের সীমার বেশি। পরে চেষ্টা করুন, অথবা কার্টের পণ্য কমান।',
    declined: 'পেমেন্টটি গ্রহণ করা হয়নি।',
    technical: 'iPay-এ কারিগরি সমস্যা হয়েছিল।',
    unknown: 'iPay কোনো কারণ জানায়নি।',
  },
  amount: 'টাকার পরিমাণ',
  reference: 'রেফারেন্স',
  transaction: 'iPay লেনদেন নম্বর',
  paidAt: 'পরিশোধের সময়',
  refunded: 'ফেরত দেওয়া হয়েছে',
  allBack: 'পুরো টাকা ফেরত দেওয়া হয়েছে।',
  parcel: 'পার্সেল',
  release: {
    waiting: 'এখনও হাতে দেওয়া হয়নি',
    authorized: 'আপনার হাতে দেওয়া যাবে',
    released: 'হাতে দেওয়া হয়েছে',
    returning: 'দোকানে ফেরত যাচ্ছে',
    returned: 'দোকানে ফেরত গেছে',
  },
  resume: 'পেমেন্ট চালিয়ে যান',
  again: 'আবার চেষ্টা করুন',
  check: 'আবার দেখুন',
  home: 'দোকানে ফিরুন',
}

export const RESULT_WORDS: Readonly<Record<Language, ResultWords>> = { en, bn }
