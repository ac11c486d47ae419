import { ownMembers } from '../../contract/own-members.ts'

/** What a shop may ask a gateway that keeps customers. No rule of the money stands on this. */
export interface NewCustomer {
  readonly email?: string
  readonly name?: string
  readonly phone?: string
  readonly metadata?: Readonly<Record<string, string>>
}

/** A saved way to pay. Only what may be shown: the number's last four digits at most. */
export interface SavedMethod {
  readonly id: string
  readonly type: string
  readonly card: {
    readonly brand: string
    readonly last4: string
    readonly expMonth: number
    readonly expYear: number
  } | null
}

/** `key`: makes a repeat harmless. Left out: a new one, so that a repeat is a second write. */
export interface WriteOptions {
  readonly key?: string
}

/** The key that was given for a write, and none that a polluted prototype would give to all of them. */
export const keyOf = (options: WriteOptions = {}): string | undefined => ownMembers(options).key

export interface Customers {
  create(customer: NewCustomer, options?: WriteOptions): Promise<{ readonly id: string }>
  /** `token` was made in the page; card data never comes here. */
  createMethod(
    method: { readonly type: string; readonly token: string; readonly customer?: string },
    options?: WriteOptions,
  ): Promise<SavedMethod>
  attachMethod(method: string, customer: string, options?: WriteOptions): Promise<SavedMethod>
  methods(customer: string): Promise<readonly SavedMethod[]>
}
