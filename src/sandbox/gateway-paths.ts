/** Where each gateway's interface stands on the simulator's origin. */
export const GATEWAY_PATHS = {
  ipay: '/api/pg',
  'ipay-payments': '/payments/api',
  'ipay-sessions': '/sessions/api',
} as const
