import type { ProblemCode } from '../../contract/problems.ts'

/** What a person is told: a heading and one or two sentences. */
export interface Words {
  readonly title: string
  readonly text: string
}

export type PageLanguage = 'en' | 'bn'

/** Which of the pages a problem is, from where the buyer stood: before paying, or coming back. */
type Page = 'try-again' | 'refused' | 'settled' | 'elsewhere' | 'unreadable' | 'unknown' | 'confirming'

const WORDS: Readonly<Record<PageLanguage, Readonly<Record<Page | 'back' | 'quote', Words>>>> = {
  en: {
    'try-again': {
      title: 'The payment could not be started',
      text: 'You have not been sent to the payment page. Please wait a moment, then go back and try again.',
    },
    refused: { title: 'The shop cannot take this order', text: 'Please go back, check your order and try again.' },
    settled: { title: 'There is nothing to pay', text: 'This purchase needs no further payment.' },
    elsewhere: {
      title: 'This did not come from the shop',
      text: 'To keep you safe, payments can only be started on the shop’s own page.',
    },
    unreadable: {
      title: 'The order could not be read',
      text: 'Nothing was started. Please go back, load the page again and try once more.',
    },
    unknown: {
      title: 'We do not know this payment',
      text: 'The address may be incomplete. Please go back to the shop and look at your order there.',
    },
    confirming: {
      title: 'We are still confirming your payment',
      text: 'Please do not pay twice. Wait a moment, then load this page again.',
    },
    back: { title: 'Back to the shop', text: '' },
    quote: { title: 'If you ask the shop about this, mention', text: '' },
  },
  bn: {
    'try-again': {
      title: 'পেমেন্ট শুরু করা যায়নি',
      text: 'আপনাকে পেমেন্ট পেজে পাঠানো হয়নি। একটু অপেক্ষা করে ফিরে গিয়ে আবার চেষ্টা করুন।',
    },
    refused: { title: 'দোকান এই অর্ডারটি নিতে পারছে না', text: 'ফিরে গিয়ে অর্ডারটি দেখে আবার চেষ্টা করুন।' },
    settled: { title: 'পরিশোধের কিছু নেই', text: 'এই কেনাকাটার জন্য আর কোনো পেমেন্ট লাগবে না।' },
    elsewhere: {
      title: 'এটি দোকানের পেজ থেকে আসেনি',
      text: 'আপনার নিরাপত্তার জন্য পেমেন্ট শুধু দোকানের নিজের পেজ থেকেই শুরু করা যায়।',
    },
    unreadable: {
      title: 'অর্ডারটি পড়া যায়নি',
      text: 'কিছুই শুরু হয়নি। ফিরে গিয়ে পেজটি আবার খুলে আরেকবার চেষ্টা করুন।',
    },
    unknown: {
      title: 'এই পেমেন্টটি আমাদের জানা নেই',
      text: 'ঠিকানাটি অসম্পূর্ণ হতে পারে। দোকানে ফিরে গিয়ে আপনার অর্ডারটি দেখুন।',
    },
    confirming: {
      title: 'আপনার পেমেন্ট এখনো নিশ্চিত করা হচ্ছে',
      text: 'অনুগ্রহ করে দুবার পেমেন্ট করবেন না। একটু অপেক্ষা করে এই পেজটি আবার লোড করুন।',
    },
    back: { title: 'দোকানে ফিরে যান', text: '' },
    quote: { title: 'দোকানকে জানাতে চাইলে এই নম্বরটি বলুন', text: '' },
  },
}

const OPENING: Readonly<Record<ProblemCode, Page>> = {
  'invalid-request': 'unreadable',
  'bad-signature': 'unreadable',
  'cross-site': 'elsewhere',
  'not-found': 'unknown',
  'method-not-allowed': 'unreadable',
  'already-paid': 'settled',
  'price-changed': 'refused',
  'in-progress': 'try-again',
  'too-large': 'unreadable',
  'unsupported-type': 'unreadable',
  'key-reused': 'unreadable',
  'order-refused': 'refused',
  'too-many-requests': 'try-again',
  internal: 'try-again',
  'gateway-refused': 'try-again',
  'gateway-unavailable': 'try-again',
  unavailable: 'try-again',
}

/** The words of the page, in plain language and without anything that a program or the buyer wrote. */
export function wordsFor(code: ProblemCode, route: string, lang: PageLanguage) {
  const page = route === 'return' && OPENING[code] !== 'unknown' ? 'confirming' : OPENING[code]
  const words = WORDS[lang]
  return { ...words[page], back: words.back.title, quote: words.quote.title }
}
