import type { AttemptToOpen, Gateway, GatewayReading } from '../../../src/server/gateways/port.ts'
import type { opened, Simulator } from './simulator.ts'

/** A gateway under the one contract: how to make it, and where it differs from the others. */
export interface Adapter {
  readonly name: string
  /** A new one in front of the simulator at this origin, with keys that it accepts. */
  make(simulatorUrl: string): Gateway
  /** The same with a key that it refuses. */
  makeUnauthorized(simulatorUrl: string): Gateway
  /** Is asked by our reference alone, while no order id is known. */
  readonly readsByReference: boolean
  /** What `error` of the simulator, a fault inside the gateway, is read as. */
  readonly errorState: string
  /** States that only some gateways have, as steps of the simulator. */
  readonly steps: Readonly<Record<string, string>>
  /** What a 402 on opening is: a decline told to the buyer, where the gateway charges while opening. */
  readonly on402: 'declined' | 'unknown'
}

/** What the cases of one adapter stand on; the gateway is another one in each test. */
export interface Contract {
  simulator(): Simulator
  gateway(): Gateway
  open(wanted?: AttemptToOpen): Promise<{ readonly wanted: AttemptToOpen } & ReturnType<typeof opened>>
  read(wanted: AttemptToOpen, orderId: string | null): Promise<GatewayReading>
  readPayment(wanted: AttemptToOpen, orderId: string): Promise<Extract<GatewayReading, { kind: 'payment' }>>
}
