import type { Context } from 'hono'
import type { FaultPlan } from './faults/fault-plan.ts'
import { strike } from './faults/strike.ts'
import type { Ledger } from './ledger/ledger.ts'
import type { Order } from './ledger/order.ts'
import type { SandboxEnv } from './sandbox-env.ts'

/**
 * One call of a gateway's protocol: the fault script strikes it, and the ledger keeps it.
 * `work` gives the honest answer; `lagMs` is how old its news have to be. `order` names the order that it was about,
 * and is asked afterwards.
 */
export type Exchange = (
  c: Context<SandboxEnv>,
  on: 'create' | 'status',
  work: (lagMs: number) => Promise<Response>,
  order: () => Order | undefined,
) => Promise<Response>

export function createExchange(ledger: Ledger, faults: FaultPlan): Exchange {
  return async (c, on, work, order) => {
    const at = ledger.now()
    const fault = faults.take(on)
    const outcome = await strike(fault, () => work(fault?.do === 'lag' ? (fault.ms ?? 1000) : 0))
    const withheld = outcome.breakage && outcome.breakage.kind !== 'cut'
    const status = withheld ? null : outcome.response.status
    ledger.called(order(), { method: c.req.method, path: c.req.path, at, status })
    c.env.end(outcome)
    return outcome.response
  }
}
