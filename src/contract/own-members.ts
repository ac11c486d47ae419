/**
 * The object's own members without a prototype behind them, so that an `Object.prototype` that another package let a stranger
 * write to adds none: no option that was left out, no member that was not sent. Everything else as it is.
 */
export const ownMembers = <T>(value: T): T =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.assign(Object.create(null), value)
    : value
