import { randomBytes } from 'node:crypto'

/** An id of this API's form, such as `pay_Vq3…`: a prefix and 128 random bits. */
export const newId = (prefix: string): string => `${prefix}_${randomBytes(16).toString('hex')}`
