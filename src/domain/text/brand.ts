declare const brand: unique symbol

/** A primitive that only its parse function can make, so that a raw string never passes for a checked one. */
export type Brand<T, B extends string> = T & { readonly [brand]: B }
