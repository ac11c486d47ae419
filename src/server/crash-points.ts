/** Named moments at which tests end the process, to prove that nothing is lost or doubled there. */
export const CRASH_POINTS = [
  'before-attempt-row',
  'after-attempt-row',
  'after-gateway-accepted',
  'after-gateway-reply',
  'after-attempt-committed',
  'before-answer',
  'before-settle',
  'after-settle-read',
  'after-settle-committed',
  'before-paid-handler',
  'after-paid-handler',
  'after-paid-acknowledged',
] as const
export type CrashPoint = (typeof CRASH_POINTS)[number]

/** Called at each point. The default does nothing; the example shop may kill itself here. */
export type Reached = (point: CrashPoint) => void
