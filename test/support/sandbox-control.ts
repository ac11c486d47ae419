/** One order in the simulator's ledger, as far as the tests read it. */
export interface LedgerOrder {
  readonly orderId: string
  readonly referenceId: string
  /** Decimal text or number in BDT. */
  readonly amount: string | number
  readonly state: string
  readonly paymentUrl?: string
  /** Instants are RFC 3339 in UTC, to the millisecond. */
  readonly history: readonly { readonly state: string; readonly at: string }[]
  readonly calls: readonly { readonly path: string; readonly at: string }[]
}

/** A fault of the simulator; see its control requests. */
export interface SandboxFault {
  readonly on: 'create' | 'status' | 'return' | 'notify'
  readonly do: 'delay' | 'hang' | 'drop-reply' | 'status' | 'html' | 'cut' | 'garbage' | 'redirect' | 'lag'
  readonly ms?: number
  readonly value?: unknown
  readonly at?: number
  readonly times?: number
}

/** What a buyer or time does to an order. */
export type SandboxAct = 'pay' | 'cancel' | 'fail' | 'expire' | 'error'

/** The simulator's control, over HTTP as anybody would use it. */
export interface SandboxControl {
  orders(): Promise<LedgerOrder[]>
  act(orderId: string, act: SandboxAct, body?: { readonly reason?: string }): Promise<void>
  setFaults(faults: readonly SandboxFault[]): Promise<void>
  forget(): Promise<void>
}

/** @param url the simulator's origin, with or without a slash at its end. */
export function sandboxControl(url: string): SandboxControl {
  async function send(method: string, path: string, body?: unknown): Promise<Response> {
    const response = await fetch(new URL(path, url), {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
    })
    if (response.ok) return response
    throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  }
  return {
    async orders() {
      const answer = (await (await send('GET', '/_sandbox/orders')).json()) as LedgerOrder[] | { orders: LedgerOrder[] }
      return Array.isArray(answer) ? answer : answer.orders
    },
    act: async (orderId, act, body = {}) => {
      await send('POST', `/_sandbox/orders/${encodeURIComponent(orderId)}/${act}`, body)
    },
    setFaults: async (faults) => {
      await send('PUT', '/_sandbox/faults', faults)
    },
    forget: async () => {
      await send('DELETE', '/_sandbox')
    },
  }
}
