/** The options that were given, without what a polluted `Object.prototype` would add to them. */
export const ownMembers = <T extends object>(options: T): T => Object.assign(Object.create(null), options)
