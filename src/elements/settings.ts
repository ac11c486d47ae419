/** What a page may widen by code, never by markup: shared by both elements. */
export const settings = {
  /** Origins besides the page's own whose order endpoints may be asked. */
  endpointOrigins: [] as string[],
  /** Extra exact hosts (`host` or `host:port`) of payment pages. */
  paymentHosts: [] as string[],
}
