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
      text: 'You have not been sent to the payment page. Wait a moment, then go back and try again; you will not pay twice.',
    },
    refused: {
      title: 'The shop cannot take this order',
      text: 'No payment was started. Please go back, check your order and try again.',
    },
    settled: {
      title: 'You do not need to pay again',
      text: 'The shop has this payment already, or is still checking it. Please look at your order there.',
    },
    elsewhere: {
      title: 'This did not come from the shop',
      text: 'To keep you safe, payments can only be started on the shop’s own page.',
    },
    unreadable: {
      title: 'The order could not be read',
      text: 'No payment was started. Please go back, reload the page and try again.',
    },
    unknown: {
      title: 'We do not know this payment',
      text: 'The link may be incomplete. Please look at your order at the shop before you pay again.',
    },
    confirming: {
      title: 'We are still confirming your payment',
      text: 'Please do not pay again. Wait a moment, then reload this page.',
    },
    back: { title: 'Back to the shop', text: '' },
    quote: { title: 'If you ask the shop about this, mention', text: '' },
  },
  bn: {
    'try-again': {
      title: 'পেমেন্ট শুরু করা যায়নি',
      text: 'আপনাকে পেমেন্ট পেজে নেওয়া হয়নি। একটু পরে ফিরে গিয়ে আবার চেষ্টা করুন। দুবার টাকা কাটবে না।',
    },
    refused: {
      title: 'দোকান এই অর্ডারটি নিতে পারছে না',
      text: 'পেমেন্ট শুরু হয়নি। ফিরে গিয়ে অর্ডারটি দেখে আবার চেষ্টা করুন।',
    },
    settled: {
      title: 'আর টাকা দিতে হবে না',
      text: 'দোকান এই পেমেন্ট পেয়েছে, নয়তো এখনও যাচাই করছে। দোকানে গিয়ে আপনার অর্ডারটি দেখুন।',
    },
    elsewhere: {
      title: 'অনুরোধটি দোকানের পেজ থেকে আসেনি',
      text: 'আপনার নিরাপত্তার জন্য শুধু দোকানের নিজের পেজ থেকেই পেমেন্ট শুরু করা যায়।',
    },
    unreadable: {
      title: 'অর্ডারটি পড়া যায়নি',
      text: 'পেমেন্ট শুরু হয়নি। ফিরে গিয়ে পেজটি রিফ্রেশ করে আবার চেষ্টা করুন।',
    },
    unknown: {
      title: 'এই পেমেন্ট খুঁজে পাওয়া যায়নি',
      text: 'লিংকটি হয়তো অসম্পূর্ণ। আবার টাকা দেওয়ার আগে দোকানে ফিরে গিয়ে আপনার অর্ডারটি দেখুন।',
    },
    confirming: {
      title: 'আপনার পেমেন্ট এখনও যাচাই করা হচ্ছে',
      text: 'দয়া করে আবার টাকা দেবেন না। একটু পরে এই পেজটি রিফ্রেশ করুন।',
    },
    back: { title: 'দোকানে ফিরে যান', text: '' },
    quote: { title: 'দোকানে জিজ্ঞেস করলে এই নম্বরটি বলুন', text: '' },
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
