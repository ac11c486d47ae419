/** The gateways' simulators, for tests and demonstrations. They move no money and accept every key but `invalid`. */
export { type Clock, machineClock } from './clock.ts'
export { createSandbox, type Sandbox, type SandboxOptions } from './create-sandbox.ts'
export { FAULT_KINDS, FAULT_PLACES, type Fault, type FaultKind, type FaultPlace } from './faults/fault.ts'
export { ORDER_STATES, type OrderState } from './ledger/order.ts'
export { signatureOf, type WebhookSender, type WebhookTarget } from './notifications/webhooks.ts'
export { MEMBERS, type Member, PIN } from './payment-page/members.ts'
export { TEST_CARDS, TEST_TOKENS } from './payments-gateway/instruments.ts'
export { type RunningSandbox, type StartOptions, startSandbox } from './start-sandbox.ts'
