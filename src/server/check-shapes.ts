/** The options whose shape is looked at. From JavaScript anything can come, so nothing is taken for granted. */
export interface GivenOptions {
  readonly gateway?: unknown
  readonly store?: unknown
  readonly endpoint?: unknown
  readonly price?: unknown
  readonly onPaid?: unknown
  readonly clock?: unknown
  readonly telemetry?: unknown
  readonly allowedOrigins?: unknown
  readonly paymentHosts?: unknown
}

/**
 * Looks for the members that the kit will use, so that a misspelled option stops the start and not the first paid order.
 * @throws TypeError that begins with the option's name and says what to give
 */
export function checkShapes(given: GivenOptions): void {
  const { gateway, store, endpoint, price, onPaid, clock, telemetry, allowedOrigins, paymentHosts } = given
  if (!isGateway(gateway)) throw new TypeError('gateway must be a gateway, such as ipayGateway({ … }) gives')
  if (hasFunctions(store, ['then'])) throw new TypeError('store: await openStore(…), for this is still a promise')
  if (!hasFunctions(store, ['transaction', 'onChange', 'ping']) || !hasObject(store, 'rows')) {
    throw new TypeError('store must be an open store: await openStore(…)')
  }
  if (!hasText(endpoint, 'href') || !hasText(endpoint, 'hostname')) {
    throw new TypeError("endpoint must be a URL: new URL('https://shop.example/ipay/orders')")
  }
  if (typeof price !== 'function') throw new TypeError('price must be a function that prices an order')
  if (typeof onPaid !== 'function') throw new TypeError('onPaid must be a function that fulfils what was paid')
  if (clock !== undefined && !hasFunctions(clock, ['now', 'after'])) {
    throw new TypeError('clock must have the functions now and after: systemClock() has them')
  }
  if (telemetry !== undefined && !hasFunctions(telemetry, ['log', 'alarm', 'count', 'observe'])) {
    throw new TypeError('telemetry must have the functions log, alarm, count and observe: createTelemetry() has them')
  }
  for (const [name, list] of Object.entries({ allowedOrigins, paymentHosts })) {
    if (list !== undefined && !Array.isArray(list)) throw new TypeError(`${name} must be a list of texts`)
  }
}

const isGateway = (value: unknown): boolean =>
  hasFunctions(value, ['open', 'read']) && hasText(value, 'name') && hasText(value, 'environment')

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined

const hasText = (value: unknown, name: string): boolean => typeof member(value, name) === 'string'

const hasObject = (value: unknown, name: string): boolean => typeof (member(value, name) ?? 0) === 'object'

const hasFunctions = (value: unknown, names: readonly string[]): boolean =>
  names.every((name) => typeof member(value, name) === 'function')
