import { isPlainAddress, isPrivateWay } from '../../contract/plain-address.ts'

/**
 * An address of a gateway without its trailing slashes.
 * @param name the option that holds it: the message begins with it
 * @throws TypeError when it is no address, or one that the key must not travel to: http is for this machine alone
 */
export function checkedUrl(name: string, text: string): string {
  const url = URL.parse(text)
  if (!url || !isPlainAddress(url)) {
    throw new TypeError(`${name} must be an https address without user info, query or fragment`)
  }
  if (!isPrivateWay(url)) {
    throw new TypeError(`${name} must be an https address: the key travels to it`)
  }
  return text.replace(/\/+$/, '')
}
