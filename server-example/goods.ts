/** A text in both languages of the shop. */
export interface Words {
  readonly en: string
  readonly bn: string
}

/** One thing that the shop sells. */
export interface Good {
  /** Lower-case letters only: it is also a field's name in the cart's address. */
  readonly sku: string
  /** Price of one, in poisha. */
  readonly poisha: number
  readonly name: Words
  /** Where it comes from and what it is, one line. */
  readonly note: Words
}

/** The shop's shelf, in the order shown. */
export const GOODS: readonly Good[] = [
  {
    sku: 'mug',
    poisha: 62_500,
    name: { en: 'Terracotta mug', bn: 'পোড়ামাটির মগ' },
    note: { en: 'Thrown and fired in Rayerbazar, 300 ml', bn: 'রায়েরবাজারের মৃৎশিল্পীর হাতে গড়া, ৩০০ মিলি' },
  },
  {
    sku: 'tea',
    poisha: 38_500,
    name: { en: 'Sylhet black tea', bn: 'সিলেটের চা-পাতা' },
    note: { en: 'First flush from Sreemangal, 250 g tin', bn: 'শ্রীমঙ্গলের প্রথম কুঁড়ি, ২৫০ গ্রামের কৌটা' },
  },
  {
    sku: 'kantha',
    poisha: 485_000,
    name: { en: 'Nakshi kantha', bn: 'নকশি কাঁথা' },
    note: { en: 'Hand-stitched quilt from Jamalpur, 5 × 7 ft', bn: 'জামালপুরের হাতে সেলাই করা কাঁথা, ৫ × ৭ ফুট' },
  },
  {
    sku: 'jamdani',
    poisha: 12_500_000,
    name: { en: 'Jamdani sari', bn: 'জামদানি শাড়ি' },
    note: { en: '100-count muslin cotton, six months on a Rupganj loom', bn: '১০০ কাউন্ট সুতি, রূপগঞ্জের তাঁতে ছয় মাসের বুনন' },
  },
  {
    sku: 'lamp',
    poisha: 327_550,
    name: { en: 'Brass lamp', bn: 'পিতলের প্রদীপ' },
    note: { en: 'Lost-wax casting from Dhamrai, 28 cm', bn: 'ধামরাইয়ের মোমছাঁচে ঢালাই, ২৮ সেমি' },
  },
  {
    sku: 'honey',
    poisha: 95_000,
    name: { en: 'Sundarbans honey', bn: 'সুন্দরবনের মধু' },
    note: { en: 'Khalisha blossom, gathered in April, 500 g', bn: 'এপ্রিলে তোলা খলিশা ফুলের মধু, ৫০০ গ্রাম' },
  },
  {
    sku: 'pati',
    poisha: 620_000,
    name: { en: 'Shital pati', bn: 'শীতলপাটি' },
    note: { en: 'Cool mat of murta cane from Balaganj, 4 × 6 ft', bn: 'বালাগঞ্জের মুর্তা বেতে বোনা, ৪ × ৬ ফুট' },
  },
  {
    sku: 'tray',
    poisha: 149_000,
    name: { en: 'Rickshaw-art tray', bn: 'রিকশাচিত্রের ট্রে' },
    note: { en: 'Enamel on tin by a Dhaka rickshaw painter', bn: 'ঢাকার রিকশাশিল্পীর আঁকা টিনের ট্রে' },
  },
  {
    sku: 'gur',
    poisha: 48_000,
    name: { en: 'Date-palm gur', bn: 'খেজুরের পাটালি গুড়' },
    note: { en: 'Winter jaggery from Jashore, 1 kg in a clay pot', bn: 'যশোরের শীতের গুড়, মাটির হাঁড়িতে ১ কেজি' },
  },
]
