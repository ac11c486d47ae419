import * as z from 'zod'
import { type ApiClient, segment } from '../api-client.ts'
import type { WithHistory } from '../port.ts'
import { kindOf } from '../reply-kind.ts'
import { instantOf } from './replies.ts'

const Reply = z.object({
  data: z.array(z.object({ id: z.string().max(128), status: z.string().max(64), at: z.unknown().optional() })),
})

/** The history that the gateway keeps of each payment session. */
export function createHistory(api: ApiClient): WithHistory['history'] {
  return {
    async entries({ orderId }, { signal }) {
      if (orderId === null) return undefined
      const reply = await api({ method: 'GET', path: `/payment-sessions/${segment(orderId)}/events`, signal })
      const parsed = kindOf(reply) === 'ok' && reply.kind === 'json' ? Reply.safeParse(reply.body) : undefined
      if (!parsed?.success) return undefined
      return parsed.data.data.map(({ id, status, at }) => ({ id, type: status, at: instantOf(at) }))
    },
  }
}
