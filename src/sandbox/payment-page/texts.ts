import type { OrderState } from '../ledger/order.ts'
import type { MemberOutcome } from './members.ts'

export const LANGUAGES = ['en', 'bn'] as const
export type Language = (typeof LANGUAGES)[number]

/** Mistakes that the pages can point out; a closed set, since the word travels in the address. */
export const MISTAKES = ['wrong-pin', 'wrong-code', 'session-lost'] as const
export type Mistake = (typeof MISTAKES)[number]

/** What people count the time to pay in. */
export type TimeUnit = 'minute' | 'hour' | 'day'

type FinalState = Exclude<OrderState, 'created' | 'authorized'>

interface Texts {
  readonly wallet: string
  readonly simulator: string
  readonly otherLanguage: string
  readonly payTo: string
  readonly timeLeft: (count: string, unit: TimeUnit) => string
  readonly loginTitle: string
  readonly member: string
  readonly pin: string
  readonly login: string
  readonly cancel: string
  readonly codeTitle: string
  readonly codeHint: (code: string) => string
  readonly code: string
  readonly verify: string
  readonly confirmTitle: string
  readonly payingAs: string
  readonly forWhat: string
  readonly order: string
  readonly pay: (amount: string) => string
  readonly members: string
  readonly everyPin: (pin: string) => string
  readonly outcomes: Readonly<Record<MemberOutcome, string>>
  readonly mistakes: Readonly<Record<Mistake, (triesLeft: string) => string>>
  readonly finished: Readonly<Record<FinalState, string>>
  readonly back: string
  readonly notFound: string
  readonly notFoundHint: string
}

const en: Texts = {
  wallet: 'iPay wallet',
  simulator: 'SIMULATOR – no real money',
  otherLanguage: 'বাংলা',
  payTo: 'Amount to pay',
  timeLeft: (count, unit) => `${count} ${{ minute: 'min', hour: 'hours', day: 'days' }[unit]} left to pay`,
  loginTitle: 'Log in to pay',
  member: 'Mobile number',
  pin: 'PIN',
  login: 'Log in',
  cancel: 'Cancel and return to the shop',
  codeTitle: 'Enter your one-time code',
  codeHint: (code) => `Your code is ${code} in this simulator.`,
  code: 'One-time code',
  verify: 'Continue',
  confirmTitle: 'Confirm your payment',
  payingAs: 'Paying as',
  forWhat: 'For',
  order: 'Order',
  pay: (amount) => `Pay ${amount}`,
  members: 'Test members',
  everyPin: (pin) => `Every member's PIN is ${pin}.`,
  outcomes: {
    pays: 'pays',
    'pays-late': 'pays, and the shop hears of it seconds later',
    'insufficient-balance': 'has too little money',
    'account-blocked': 'is blocked',
    'limit-exceeded': "is over today's limit",
    error: 'meets a technical error',
  },
  mistakes: {
    'wrong-pin': (left) => `That number or PIN is not right. Tries left: ${left}.`,
    'wrong-code': (left) => `That code is not right. Tries left: ${left}.`,
    'session-lost': () => 'Please log in again.',
  },
  finished: {
    processing: 'This payment is on its way. The shop will hear of it soon.',
    paid: 'This order is paid.',
    cancelled: 'This order was cancelled. It can no longer be paid.',
    failed: 'This payment failed. The order can no longer be paid.',
    expired: 'The time to pay is over. This order has expired.',
    error: 'Something went wrong inside the wallet. The order can no longer be paid.',
  },
  back: 'Back to the shop',
  notFound: 'Unknown order',
  notFoundHint: 'There is no order at this address. Go back to the shop and try again.',
}

const bn: Texts = {
  wallet: 'আইপে ওয়ালেট',
  simulator: 'সিমুলেটর – আসল টাকা নয়',
  otherLanguage: 'English',
  payTo: 'পরিশোধের পরিমাণ',
  timeLeft: (count, unit) => `পরিশোধের জন্য ${count} ${{ minute: 'মিনিট', hour: 'ঘণ্টা', day: 'দিন' }[unit]} বাকি`,
  loginTitle: 'পরিশোধ করতে লগ ইন করুন',
  member: 'মোবাইল নম্বর',
  pin: 'পিন',
  login: 'লগ ইন',
  cancel: 'বাতিল করে দোকানে ফিরে যান',
  codeTitle: 'আপনার ওয়ান-টাইম কোড দিন',
  codeHint: (code) => `এই সিমুলেটরে আপনার কোড ${code}।`,
  code: 'ওয়ান-টাইম কোড',
  verify: 'এগিয়ে যান',
  confirmTitle: 'পরিশোধ নিশ্চিত করুন',
  payingAs: 'পরিশোধকারী',
  forWhat: 'যার জন্য',
  order: 'অর্ডার',
  pay: (amount) => `${amount} পরিশোধ করুন`,
  members: 'পরীক্ষামূলক সদস্য',
  everyPin: (pin) => `সব সদস্যের পিন ${pin}।`,
  outcomes: {
    pays: 'পরিশোধ করেন',
    'pays-late': 'পরিশোধ করেন, দোকান কয়েক সেকেন্ড পরে জানতে পারে',
    'insufficient-balance': 'যথেষ্ট টাকা নেই',
    'account-blocked': 'অ্যাকাউন্ট বন্ধ',
    'limit-exceeded': 'আজকের সীমা পার হয়েছে',
    error: 'কারিগরি ত্রুটি ঘটে',
  },
  mistakes: {
    'wrong-pin': (left) => `নম্বর বা পিন সঠিক নয়। আর ${left} বার চেষ্টা করা যাবে।`,
    'wrong-code': (left) => `কোডটি সঠিক নয়। আর ${left} বার চেষ্টা করা যাবে।`,
    'session-lost': () => 'অনুগ্রহ করে আবার লগ ইন করুন।',
  },
  finished: {
    processing: 'টাকা পাঠানো হচ্ছে। দোকান শিগগিরই জানতে পারবে।',
    paid: 'এই অর্ডারের টাকা পরিশোধ হয়েছে।',
    cancelled: 'এই অর্ডার বাতিল হয়েছে। এটি আর পরিশোধ করা যাবে না।',
    failed: 'পরিশোধ ব্যর্থ হয়েছে। এই অর্ডার আর পরিশোধ করা যাবে না।',
    expired: 'পরিশোধের সময় শেষ। এই অর্ডারের মেয়াদ পেরিয়ে গেছে।',
    error: 'ওয়ালেটের ভেতরে একটি ত্রুটি ঘটেছে। এই অর্ডার আর পরিশোধ করা যাবে না।',
  },
  back: 'দোকানে ফিরে যান',
  notFound: 'অজানা অর্ডার',
  notFoundHint: 'এই ঠিকানায় কোনো অর্ডার নেই। দোকানে ফিরে আবার চেষ্টা করুন।',
}

/** Every word of the payment pages, in both languages. */
export const TEXTS: Readonly<Record<Language, Texts>> = { en, bn }

/** `?lang=` where it names a language of ours, else the first such language of `Accept-Language`, else English. */
export function chooseLanguage(wanted: string | undefined, acceptLanguage: string | undefined): Language {
  const words = [wanted ?? '', ...(acceptLanguage ?? '').split(',')].map((word) =>
    word.trim().slice(0, 2).toLowerCase(),
  )
  return LANGUAGES.find((language) => language === words.find((word) => word === 'en' || word === 'bn')) ?? 'en'
}

const LOCALES: Readonly<Record<Language, string>> = { en: 'en-IN', bn: 'bn-BD' }

/** A whole number in the language's own digits. */
export const numberText = (value: number, language: Language): string =>
  new Intl.NumberFormat(LOCALES[language], { useGrouping: false }).format(value)

/** Digits of a code or a phone number, each in the language's own form. */
export const digitsText = (digits: string, language: Language): string =>
  language === 'bn' ? digits.replace(/\d/g, (digit) => String.fromCharCode(0x09e6 + Number(digit))) : digits

/** ৳ first, lakh grouping, two decimals: `৳1,25,000.00`, `৳১,২৫,০০০.০০`. Takes the amount in taka. */
export const takaText = (taka: number, language: Language): string =>
  `৳${new Intl.NumberFormat(LOCALES[language], { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(taka)}`
