import type { PaymentStatus } from '../../src/contract/schemas.ts'
import {
  HANDOVERS,
  type IpaySessionsGateway,
  moneyText,
  type ParcelReturn,
  parseMoney,
  RETURN_REASONS,
} from '../../src/server/index.ts'
import { type Deed, isKept, orderIdOf } from './deed.ts'
import type { Outside } from './simulator-side.ts'

const SCANS = ['picked_up', 'out_for_delivery', 'arrived', 'released', 'returning', 'returned'] as const

const told = ({ id, state, reason, label, offer }: ParcelReturn): string =>
  [
    `Return ${id}: ${state}`,
    reason && `because of ${reason}`,
    label && `${label.format} ${label.code}`,
    offer && `${moneyText(offer.amount)} ${offer.accepted ? 'accepted' : 'offered'} for keeping it`,
  ]
    .filter(Boolean)
    .join(', ')

/** What can be done with a parcel that is paid on arrival. Money goes back by returns. */
export function sessionsDeeds(
  { isReleaseAuthorized, returns }: Pick<IpaySessionsGateway, 'isReleaseAuthorized' | 'returns'>,
  outside: Outside,
): readonly Deed[] {
  /** The newest return of each payment, by its token: what the buttons below are about. */
  const begun = new Map<string, string>()
  const returnOf = (token: string): string => {
    const id = begun.get(token)
    if (id === undefined) throw new Error('Nothing is coming back: begin a return first.')
    return id
  }

  const isComingBack = ({ token }: PaymentStatus): boolean => begun.has(token)

  return [
    {
      name: 'release',
      label: 'May it be handed over?',
      note: 'gateway.isReleaseAuthorized: asked at a door, a pickup point or a locker.',
      fields: [{ name: 'handover', label: 'Where', choices: HANDOVERS }],
      async act(payment, { handover: where }) {
        const handover = HANDOVERS.find((known) => known === where) ?? 'door'
        return (await isReleaseAuthorized(orderIdOf(payment), { handover })) ? 'Yes: it is paid.' : 'No, not yet.'
      },
    },
    {
      name: 'scan',
      label: 'Scan it as the carrier',
      note: 'The carrier’s scanner. “released” is refused while it is not paid; “returned” ends an open return.',
      fields: [{ name: 'scan', label: 'Scan', choices: SCANS }],
      async act(payment, { scan = '' }) {
        await outside(`/sessions/${orderIdOf(payment)}/scan`, { scan })
        return `The parcel was scanned: ${scan}.`
      },
    },
    {
      name: 'return',
      label: 'Begin a return',
      note: 'gateway.returns.create; the money goes back when the parcel is scanned as returned.',
      fields: [{ name: 'reason', label: 'Reason', choices: RETURN_REASONS, hint: 'Choose a reason' }],
      isPossible: isKept,
      async act(payment, { reason: word }) {
        const reason = RETURN_REASONS.find((known) => known === word)
        const made = await returns.create({ orderId: orderIdOf(payment), ...(reason && { reason }) })
        begun.set(payment.status.token, made.id)
        return told(made)
      },
    },
    {
      name: 'label',
      label: 'Issue what it is sent back with',
      note: 'gateway.returns.issueLabel: a label for a parcel, a QR code for a locker.',
      fields: [{ name: 'format', label: 'Format', choices: ['label', 'qr'] }],
      isPossible: isComingBack,
      act: async ({ status }, { format }) =>
        told(await returns.issueLabel(returnOf(status.token), format === 'qr' ? 'qr' : 'label')),
    },
    {
      name: 'offer',
      label: 'Offer money for keeping it',
      note: 'gateway.returns.offerToKeep.',
      fields: [{ name: 'amount', label: 'Amount' }],
      isPossible: isComingBack,
      async act({ status }, { amount: text = '' }) {
        const amount = parseMoney(text, status.currency)
        if (!amount) throw new Error('Write the amount as decimal text, such as 100.00.')
        return told(await returns.offerToKeep(returnOf(status.token), amount))
      },
    },
    {
      name: 'accept',
      label: 'Accept the offer as the buyer',
      note: 'gateway.returns.acceptOffer: the parcel stays, the offered money goes back.',
      fields: [],
      isPossible: isComingBack,
      act: async ({ status }) => told(await returns.acceptOffer(returnOf(status.token))),
    },
  ]
}
