/** The verbs that a button can carry. */
export const LABELS = ['pay', 'buy', 'order', 'book', 'donate', 'checkout'] as const
export type Label = (typeof LABELS)[number]
/** The looks that a button can have. */
export type Variant = 'brand' | 'dark' | 'light' | 'outline'

/** Reads an attribute that has a default. */
export const orElse = (value: string) => (text: string | null) => text ?? value
