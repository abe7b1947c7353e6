/** What happened in a registry. */
export type RegistryEvent =
  | { readonly kind: "tool-registered"; readonly name: string }
  | { readonly kind: "tool-replaced"; readonly name: string }
  | { readonly kind: "tool-unregistered"; readonly name: string };
