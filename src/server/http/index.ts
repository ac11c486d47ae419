/** The HTTP side of the kit. */
export { createHttp } from './create-http.ts'
export type {
  CallerInfo,
  HttpDeps,
  HttpHandler,
  LiveStatus,
  Notification,
  NotificationHandler,
} from './deps.ts'
export { isSignedBy, sign } from './signature.ts'
export { type SignedNotifications, signedNotifications } from './signed-notifications.ts'
