import { REQUEST_DEADLINE_MS } from '../contract/limits.ts'
import type { OpenReply } from '../contract/schemas.ts'
import { checkedUrl } from './checked-url.ts'
import { Departure } from './departure.ts'
import * as memory from './memory.ts'
import { pageScripts } from './page-scripts.ts'
import { type Happening, isBusy, isFinal, move } from './payment-state.ts'
import { putOff } from './prerendering.ts'
import { asStatus } from './replies.ts'
import { isSamePrice } from './same-price.ts'
import { openPayment, ShopProblem } from './shop-client.ts'
import { pauseInView } from './waiting.ts'

/** How often a press is repeated for what the shop is still working on, after its first 20 s. */
const ROUNDS = 3
const live = new Set<PaymentController>()
/** One listener serves all. */
const onPageShow = ({ persisted }: PageTransitionEvent) => {
  if (persisted) for (const flow of live) flow.comeBack()
}

/** Runs the flow of one element: one state, one run at a time; only the newest run may write. */
export class PaymentController extends Departure {
  /** Fingerprint of what the element is for; undefined before its first drawing. */
  #id: string | undefined
  /** The host was taken out of its document, for longer than a move takes. */
  #isOut = false
  #leader: PaymentController | undefined
  #round = 0

  /** Opens or resumes the payment and leaves for the payment page. Never rejects. */
  async start(round = 0): Promise<void> {
    if (this.waitSeconds) return
    if (this.state === 'unfinished' && this.returned && memory.recallAttempt(this.#identity)?.token !== this.token)
      return this.goOn()
    if (this.announcing || !move(this.state, 'press')) return
    const event = round ? undefined : this.announce()
    if (event?.defaultPrevented) return this.drop()
    // The page may have set the order just now.
    if (event) this.#id = ''
    const { drawn } = this
    if (!this.go('press') || !isBusy(this.state)) return
    this.#round = round
    // What the button said is what is ordered.
    this.accepted = drawn && { amount: drawn.amount, currency: drawn.currency }
    this.price = this.error = null
    return this.run(async (signal) => {
      this.sayWhenSlow()
      this.#leadPeers()
      const allowed = !event || (await event.allowed())
      if (signal.aborted) return
      if (!allowed) return this.drop()
      const reply = await this.#open(signal)
      if (reply) await this.depart(reply, signal)
    })
  }

  /** *Start over*: drops the remembered attempt. */
  reset(): void {
    if (this.#identity) memory.forgetAttempt(this.#identity)
    this.drop()
  }

  /**
   * Called by the host before drawings in which endpoint, order or token may be others than before. `force` when nothing
   * of that changed, but nothing may be known any more; `isElsewhere` when the endpoint is another one.
   */
  identify(force = false, isElsewhere = false): void {
    if (putOff(() => this.identify(force, isElsewhere))) return
    // A base class may draw what is in no document; there nobody asks.
    if (!this.host.isConnected || (!force && !this.#isOut && this.#id !== undefined)) return
    const isBack = this.#isOut
    this.#isOut = false
    const known = this.#id
    const token = this.host.returnedToken()
    // Nothing can be known: who the element is for is found out when it is pressed.
    this.#id = ''
    if (!token && !known && !this.token && !memory.isAnythingRemembered()) return
    const id = this.#identity
    const returned = !!token && !known && !(id && memory.belongsElsewhere(token, id))
    // Of no order of its own, as the panel always is: its token went, and neither element nor address names another.
    const isTakenAway = force && !isElsewhere && this.returned && !known
    if (returned ? token === this.token : known === id && !isTakenAway) {
      if (isBack || (isElsewhere && this.error)) this.catchUp()
      return
    }
    // Another order, another payment, or none: what happened to the former does not count any more.
    if (known || this.token) this.drop()
    this.returned = returned
    this.token = returned ? token : (id && memory.recallAttempt(id)?.token) || ''
    if (this.token) void this.watch(pageScripts())
  }

  /** The host is in a document. */
  connect(): void {
    live.add(this)
    addEventListener('pageshow', onPageShow)
  }

  /** The host is in none any more. */
  disconnect(): void {
    live.delete(this)
    if (!live.size) removeEventListener('pageshow', onPageShow)
    // A move within the document disconnects and connects at once; only a real removal ends the run.
    setTimeout(() => {
      if (this.host.isConnected) return
      this.#isOut = true
      this.#round = ROUNDS
      if (isBusy(this.state)) this.drop()
      else this.renew()
    })
  }

  /** Back, with the browser's page cache: nothing frozen may stay. */
  comeBack(): void {
    this.renew()
    // Nobody who came back is sent away without a press.
    this.#round = ROUNDS
    const busy = isBusy(this.state)
    if (this.payment?.paymentUrl && (busy || this.state === 'error')) this.go('hold')
    else if (busy) this.drop()
    this.catchUp()
  }

  protected override go(happening: Happening): boolean {
    const gone = super.go(happening)
    if (gone && !isBusy(this.state)) {
      this.#leader = undefined
      this.#releasePeers()
    }
    return gone
  }

  /** Only what the shop is still working on is asked again without a press. */
  protected override rested(): void {
    if (this.error?.code === 'in-progress' && this.#round < ROUNDS) void this.start(this.#round + 1)
  }

  /** Asks the shop. Resolves to what the buyer may be sent away with; undefined when there is another end. */
  async #open(signal: AbortSignal): Promise<OpenReply | undefined> {
    const { host } = this
    const offer = host.offer()
    const id = host.identity()
    const shown = this.accepted ?? offer.shown
    const remembered = memory.recallAttempt(id)
    const key = remembered?.key ?? memory.newKey()
    this.#id = id
    memory.rememberAttempt(id, key, remembered?.token)
    for (const from = performance.now(); ; ) {
      try {
        const reply = await openPayment(host, shown ? { ...offer, shown } : offer, key, signal)
        checkedUrl(reply, this.host.environment)
        this.token = reply.token
        this.returned = false
        memory.rememberAttempt(id, key, reply.token)
        this.learn(asStatus(reply))
        return !shown || isSamePrice(shown, reply) ? reply : this.reprice(reply, shown)
      } catch (error) {
        if (!(error instanceof ShopProblem) || signal.aborted) throw error
        const { code, token = '', amount, currency } = error.problem
        const pause = error.retryAfterSeconds * 1000
        if (code === 'in-progress' && performance.now() - from + pause < REQUEST_DEADLINE_MS) {
          await pauseInView(pause, signal)
          signal.throwIfAborted()
        } else if (code === 'price-changed' && amount && currency) return this.reprice({ amount, currency }, shown)
        else if (code === 'already-paid' && token) {
          // What was paid is told by the status alone.
          memory.rememberAttempt(id, key, token)
          this.token = token
          this.returned = true
          await this.watch()
          return undefined
        } else throw error
      }
    }
  }

  /** Other buttons for the same order on this page show that it is being worked on. */
  #leadPeers(): void {
    const id = this.#identity
    for (const peer of live) {
      if (peer === this || !id || peer.#identity !== id || !peer.go('press')) continue
      peer.renew()
      peer.sayWhenSlow()
      peer.#leader = this
    }
  }

  /** As the host says; empty where it cannot say. */
  get #identity(): string {
    try {
      this.#id ||= this.host.identity()
    } catch {}
    return this.#id ?? ''
  }

  /** Asks what became of the payment in the meantime, or whether there is one by now. */
  protected override catchUp(): void {
    if (this.token && !isFinal(this.state)) void this.watch()
    else if (this.state === 'idle') {
      this.#id = undefined
      this.identify()
    }
  }

  /** What became of it is true for them too. */
  #releasePeers(): void {
    for (const peer of live) {
      if (peer.#leader !== this) continue
      // One of the two may have got another order in the meantime.
      const isFellow = peer.#identity === this.#identity
      if (isFellow && this.state === 'confirming') {
        peer.token = this.token
        peer.returned = this.returned
        void peer.watch()
      } else if (isFellow && this.payment) {
        peer.token = this.token
        peer.apply(this.payment)
      } else peer.drop()
    }
  }
}
