import { countText, type Language } from './language.ts'

/** What the storefront says. */
export interface ShopWords {
  readonly shop: string
  readonly title: string
  readonly tagline: string
  readonly lead: string
  readonly skip: string
  readonly language: string
  readonly goods: string
  readonly add: string
  readonly addOf: (name: string) => string
  readonly cart: string
  readonly pieces: (count: number) => string
  readonly empty: string
  readonly each: (price: string) => string
  readonly quantityOf: (name: string) => string
  readonly lessOf: (name: string) => string
  readonly moreOf: (name: string) => string
  readonly drop: string
  readonly dropOf: (name: string) => string
  readonly update: string
  readonly subtotal: string
  readonly delivery: string
  readonly free: string
  readonly total: string
  readonly pay: (amount: string) => string
  readonly payNote: string
  /** The last cart was paid, and this one has nothing in it; or it has, because the address says so. */
  readonly paidBefore: string
  readonly paidAndFilled: string
  readonly inCart: (name: string, count: number) => string
  readonly dropped: (name: string) => string
  readonly demo: string
  readonly desk: string
  readonly lost: string
  readonly lostHint: string
  readonly toShop: string
}

const en: ShopWords = {
  shop: 'Shonali Haat',
  title: 'Shonali Haat: handmade in Bangladesh',
  tagline: 'Made by hand, in Bangladesh',
  lead: 'Weavers, potters and tea growers from seven districts, one basket.',
  skip: 'Skip to the cart',
  language: 'Language',
  goods: 'On the shelf today',
  add: 'Add to cart',
  addOf: (name) => `Add to cart: ${name}`,
  cart: 'Your cart',
  pieces: (count) => `${countText(count, 'en')} ${count === 1 ? 'piece' : 'pieces'}`,
  empty: 'Your cart is empty. Add something you like.',
  each: (price) => `${price} each`,
  quantityOf: (name) => `How many: ${name}`,
  lessOf: (name) => `One less: ${name}`,
  moreOf: (name) => `One more: ${name}`,
  drop: 'Remove',
  dropOf: (name) => `Remove: ${name}`,
  update: 'Update the cart',
  subtotal: 'Goods',
  delivery: 'Delivery in Bangladesh',
  free: 'Free',
  total: 'Total',
  pay: (amount) => `Pay ${amount} with iPay`,
  payNote: 'You log in and confirm on iPay’s own page. We never see your PIN.',
  paidBefore: 'Thank you! Your last order is paid. You start again with an empty cart.',
  paidAndFilled: 'Your last order is paid, thank you. This is a new cart.',
  inCart: (name, count) => `${name}: ${countText(count, 'en')} in the cart.`,
  dropped: (name) => `${name}: removed from the cart.`,
  demo: 'A demo shop: nothing is shipped.',
  desk: 'Merchant’s desk',
  lost: 'This page does not exist',
  lostHint: 'The link may be old or mistyped. Your cart is still as you left it.',
  toShop: 'Go to the shop',
}

const bn: ShopWords = {
  shop: 'সোনালি হাট',
  title: 'সোনালি হাট: বাংলাদেশের হাতের কাজ',
  tagline: 'বাংলাদেশের হাতে গড়া জিনিস',
  lead: 'সাত জেলার তাঁতি, মৃৎশিল্পী আর চা-চাষিদের পণ্য, সব এক জায়গায়।',
  skip: 'সরাসরি কার্টে যান',
  language: 'ভাষা',
  goods: 'আজ যা আছে',
  add: 'কার্টে যোগ করুন',
  addOf: (name) => `কার্টে যোগ করুন: ${name}`,
  cart: 'আপনার কার্ট',
  pieces: (count) => `${countText(count, 'bn')}টি পণ্য`,
  empty: 'কার্ট এখন খালি। পছন্দের কিছু যোগ করুন।',
  each: (price) => `প্রতিটি ${price}`,
  quantityOf: (name) => `কতটি: ${name}`,
  lessOf: (name) => `একটি কমান: ${name}`,
  moreOf: (name) => `একটি বাড়ান: ${name}`,
  drop: 'বাদ দিন',
  dropOf: (name) => `বাদ দিন: ${name}`,
  update: 'কার্ট আপডেট করুন',
  subtotal: 'পণ্যের দাম',
  delivery: 'সারা দেশে ডেলিভারি',
  free: 'ফ্রি',
  total: 'মোট',
  pay: (amount) => `আইপে দিয়ে ${amount} পেমেন্ট করুন`,
  payNote: 'লগইন করে পেমেন্ট নিশ্চিত করবেন আইপের নিজের পেজে। আপনার পিন আমরা কখনো দেখি না।',
  paidBefore: 'ধন্যবাদ! আপনার আগের অর্ডারের পেমেন্ট পেয়েছি। এখন খালি কার্ট দিয়ে আবার শুরু করতে পারেন।',
  paidAndFilled: 'আপনার আগের অর্ডারের পেমেন্ট পেয়েছি, ধন্যবাদ। এটি নতুন কার্ট।',
  inCart: (name, count) => `${name}: কার্টে ${countText(count, 'bn')}টি।`,
  dropped: (name) => `${name}: কার্ট থেকে বাদ দেওয়া হলো।`,
  demo: 'এটি ডেমো দোকান: কোনো পণ্য পাঠানো হয় না।',
  desk: 'দোকানির ডেস্ক',
  lost: 'পেজটি খুঁজে পাওয়া যায়নি',
  lostHint: 'লিংকটি পুরোনো বা ভুল হতে পারে। আপনার কার্ট যেমন ছিল, তেমনই আছে।',
  toShop: 'দোকানে যান',
}

export const SHOP_WORDS: Readonly<Record<Language, ShopWords>> = { en, bn }
