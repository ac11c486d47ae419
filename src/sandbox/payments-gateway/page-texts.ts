import type { Language } from '../payment-page/texts.ts'

interface Choice {
  /** A test token, which the form sends. */
  readonly token: string
  readonly en: string
  readonly bn: string
}

/** What a buyer can choose on the checkout page. */
export const CHOICES: readonly Choice[] = [
  { token: 'tok_visa', en: 'Visa •••• 4242: pays', bn: 'ভিসা •••• ৪২৪২: পেমেন্ট হয়' },
  {
    token: 'tok_3ds',
    en: 'Visa •••• 3155: asks your bank (3-D Secure)',
    bn: 'ভিসা •••• ৩১৫৫: ব্যাংকের অনুমতি লাগে (৩-ডি সিকিওর)',
  },
  { token: 'tok_digital_wallet', en: 'Digital wallet: pays', bn: 'ডিজিটাল ওয়ালেট: পেমেন্ট হয়' },
  { token: 'tok_buy_now_pay_later', en: 'Pay later: pays', bn: 'পে লেটার: পেমেন্ট হয়' },
  {
    token: 'tok_bank_transfer',
    en: 'Bank transfer: processing for some seconds',
    bn: 'ব্যাংক ট্রান্সফার: কয়েক সেকেন্ড সময় লাগে',
  },
  { token: 'tok_insufficient_funds', en: 'Visa •••• 9995: too little money', bn: 'ভিসা •••• ৯৯৯৫: যথেষ্ট টাকা নেই' },
  { token: 'tok_card_declined', en: 'Visa •••• 0002: declined', bn: 'ভিসা •••• ০০০২: গ্রহণ করা হয় না' },
  { token: 'tok_limit_exceeded', en: 'Visa •••• 0127: over its limit', bn: 'ভিসা •••• ০১২৭: সীমা পার হয়েছে' },
  { token: 'tok_account_blocked', en: 'Visa •••• 9979: blocked', bn: 'ভিসা •••• ৯৯৭৯: ব্লক করা' },
  { token: 'tok_processing_error', en: 'Visa •••• 0119: technical error', bn: 'ভিসা •••• ০১১৯: কারিগরি সমস্যা' },
]

interface PageTexts {
  readonly brand: string
  readonly bank: string
  readonly checkoutTitle: string
  readonly challengeTitle: string
  readonly challengeHint: string
  readonly pass: string
  readonly fail: string
  readonly abandon: string
}

/** The words of the checkout and of the 3-D Secure challenge. */
export const PAGE_TEXTS: Readonly<Record<Language, PageTexts>> = {
  en: {
    brand: 'iPay Payments',
    bank: 'Test Bank · 3-D Secure',
    checkoutTitle: 'How do you want to pay?',
    challengeTitle: 'Are you making this payment?',
    challengeHint: 'Your bank wants to be sure before it pays.',
    pass: 'Yes, approve it',
    fail: 'No, refuse it',
    abandon: 'Leave without an answer',
  },
  bn: {
    brand: 'আইপে পেমেন্ট',
    bank: 'টেস্ট ব্যাংক · ৩-ডি সিকিওর',
    checkoutTitle: 'কীভাবে পেমেন্ট করবেন?',
    challengeTitle: 'এই পেমেন্ট কি আপনি করছেন?',
    challengeHint: 'টাকা দেওয়ার আগে আপনার ব্যাংক নিশ্চিত হতে চায়।',
    pass: 'হ্যাঁ, অনুমোদন করুন',
    fail: 'না, অনুমোদন করবেন না',
    abandon: 'উত্তর না দিয়ে ফিরে যান',
  },
}
