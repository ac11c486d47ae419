/** The errors' table of writes: what came of one, by the status that the gateway answered with. */
export const ERRORS = Object.entries({
  400: 'refused',
  401: 'unknown',
  402: 'refused',
  404: 'refused',
  409: 'unknown',
  429: 'unknown',
  500: 'unknown',
})
