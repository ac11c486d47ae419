/**
 * Sends the buyer to a checked payment address in the same tab, out of a frame where the page stands in one: a payment
 * page is never framed. Returns false when the browser said no at once; when it says nothing, the caller's clock tells.
 */
export function leave(url: string): boolean {
  try {
    // Setting `href` is the one thing that a frame of another origin may do to its top window.
    if (window.top && window.top !== window) window.top.location.href = url
    else location.assign(url)
    return true
  } catch {
    return false
  }
}
