// What the fixture uses of react-dom, which comes without types.
declare module 'react-dom' {
  export function createPortal(
    children: import('react').ReactNode,
    container: Element,
  ): import('react').ReactElement | null
}
declare module 'react-dom/client' {
  export function createRoot(container: Element): { render(children: import('react').ReactNode): void }
}
