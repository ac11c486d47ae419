// What the gallery uses of pngjs, which comes without types.
declare module 'pngjs' {
  export class PNG {
    constructor(size: { readonly width: number; readonly height: number })
    readonly width: number
    readonly height: number
    readonly data: Uint8Array
    static readonly sync: { read(file: Uint8Array): PNG; write(picture: PNG): Uint8Array }
  }
}
