import { isLoopback } from '../../contract/payment-url.ts'
import type { Opened } from '../payments/service.ts'
import { ProblemError } from '../problem-error.ts'
import { readBytes, utf8 } from './body.ts'
import { clientKey } from './client-address.ts'
import { OPEN_MS, withDeadline } from './deadline.ts'
import { readFormInput } from './form-input.ts'
import { type AskedOrder, readJsonInput } from './json-input.ts'
import { bodyKind } from './media-type.ts'
import { placeToReturn } from './return-to.ts'
import type { Kit, Route, Visit } from './route.ts'

/**
 * Opens that one process works on at the same time. More would wait longer than a buyer does, and all those behind them
 * too: they are told to come back instead, so that a rush is over when it is over.
 */
const MOST_UNDER_WAY = 500

/** One request, as far as the limits look at it. */
interface Press {
  readonly client: string | null
  readonly startedAt: number
  /** It was counted as a new attempt, whatever comes of it. */
  isNew: boolean
}

/** `POST {order-endpoint}`: opens or resumes; JSON for programs, 303 for plain forms. */
export function openRoute(kit: Kit): Route {
  const { payments, clock, limits, origins, telemetry } = kit
  let underWay = 0
  let isWarned = kit.opensPerMinute === 0

  async function answer({ request, info }: Visit): Promise<Response> {
    const press: Press = { client: clientKey(info), startedAt: clock.now(), isNew: false }
    if (press.client === null) warnOnce()
    await limits.request(press.client)
    try {
      return await take(press, request)
    } catch (error) {
      if (!press.isNew) await limits.fruitless(press.client)
      throw error
    }
  }

  async function take(press: Press, request: Request): Promise<Response> {
    // Before the body costs anything, and again after it: those whose body is on its way are not counted.
    refuseSurplus()
    const kind = bodyKind(request.headers)
    const text = utf8(await readBytes(request, clock))
    const asked = kind === 'json' ? readJsonInput(request.headers, text, origins) : readFormInput(request.headers, text)
    refuseSurplus()
    underWay += 1
    const answered = kind === 'json' ? jsonAnswer : formAnswer
    const work = answered(open(asked, request, press)).finally(() => {
      underWay -= 1
    })
    return withDeadline(clock, Math.max(0, OPEN_MS - (clock.now() - press.startedAt)), work)
  }

  /** Without an address one client may use up the budget of all, which nobody sees until it happens. */
  function warnOnce(): void {
    if (isWarned) return
    isWarned = true
    telemetry.log('warn', 'no-client-address', {
      detail:
        'No limit for each client: pass payments.fetch(request, { clientAddress }), the address of the connection',
    })
  }

  function refuseSurplus(): void {
    if (underWay >= MOST_UNDER_WAY) throw new ProblemError('unavailable', 'Too many at once', { retryAfter: 2 })
  }

  /** The limit on new attempts is asked at the moment when one would be made, so that resuming never counts. */
  async function open(asked: AskedOrder, request: Request, press: Press): Promise<Opened> {
    const beforeNew = async () => {
      if (press.isNew) return
      await limits.attempt(press.client)
      press.isNew = true
    }
    const opened = await payments.open({ ...asked, home: kit.returnTo, request, beforeNew })
    // A service that does not ask is still counted; its surplus attempt is answered with 429 and can be resumed later.
    if (opened.created) await beforeNew()
    return opened
  }

  async function jsonAnswer(opening: Promise<Opened>): Promise<Response> {
    const { created, reply } = await opening
    return Response.json(reply, { status: created ? 201 : 200 })
  }

  /** A form names no place to return to: where nothing is to be paid, the buyer goes where the payment was opened from. */
  async function formAnswer(opening: Promise<Opened>): Promise<Response> {
    try {
      const { reply } = await opening
      return seeOther(paymentAddress(reply.paymentUrl))
    } catch (error) {
      const token = error instanceof ProblemError && error.code === 'already-paid' ? error.extras.token : undefined
      if (token === undefined) throw error
      return seeOther(placeToReturn((await payments.returnTo(token)) ?? kit.returnTo, token, kit))
    }
  }

  return { name: 'open', path: '/', methods: ['POST', 'OPTIONS'], callers: 'own-pages', answer }
}

/** 303, so that the browser follows with GET whatever it sent. */
export const seeOther = (location: string): Response =>
  new Response(null, { status: 303, headers: { Location: location } })

/**
 * The address was checked by the contract's rule before it was stored; this is the last look before a browser is sent
 * there (OWASP ASVS 5.0, 3.7.2), with the part of the rule that needs no settings.
 */
function paymentAddress(text: string): string {
  const url = URL.parse(text)
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))
  if (!url || !isSafe || url.username || url.password) throw new Error('the stored payment address is not one')
  return url.href
}
