/** Addresses that this page listens at: one stream per payment, however many elements show it. */
const heard = new Set<string>()

/**
 * Listens for the shop's `status` events until the page is hidden or the signal aborts. A hint alone: whoever listens goes
 * on asking, so an error ends the stream for this time and nothing is lost.
 */
export function listen(url: URL, withCredentials: boolean, signal: AbortSignal, news: (data: string) => void): void {
  const { href } = url
  if (heard.has(href) || document.hidden || signal.aborted) return
  heard.add(href)
  const source = new EventSource(href, { withCredentials })
  const end = () => {
    source.close()
    heard.delete(href)
    document.removeEventListener('visibilitychange', end)
  }
  source.onerror = () => source.close()
  source.addEventListener('status', ({ data }) => news(data))
  document.addEventListener('visibilitychange', end)
  signal.addEventListener('abort', end)
}
