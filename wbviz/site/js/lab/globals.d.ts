// What the build puts in (build.mjs): words and texts that Python has, and the names of files.
declare const LAB_CONTRACTS: import("./contracts.js").Contract[];
declare const LAB_POLICIES: { name: string; says: string; text: string }[];
declare const LAB_EDITOR: string;
declare module "*.css" {
  const text: string;
  export default text;
}
