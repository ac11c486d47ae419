/** Marks CSS as such, for editors and for the build, which makes it small. */
export const css = String.raw
