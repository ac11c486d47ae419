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
