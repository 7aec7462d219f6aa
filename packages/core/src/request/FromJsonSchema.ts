import type { JsonValue } from '../wire.ts'

/**
 * The type of the values that a JSON Schema written `as const` accepts, as far as TypeScript can say it: types, enums,
 * constants, properties, lists, tuples, unions and local references. Ranges and patterns do not show in a type; what
 * the schema does not say is any JSON value.
 */
export type FromJsonSchema<Schema, Root = Schema> = Schema extends { readonly const: infer Constant }
  ? Mutable<Constant>
  : Schema extends { readonly enum: readonly (infer Value)[] }
    ? Mutable<Value>
    : Schema extends { readonly $ref: infer Ref }
      ? FromJsonSchema<Resolve<Root, Ref>, Root>
      : Schema extends { readonly anyOf: readonly (infer Branch)[] }
        ? Each<Branch, Root>
        : Schema extends { readonly oneOf: readonly (infer Branch)[] }
          ? Each<Branch, Root>
          : Schema extends { readonly allOf: readonly [infer First, ...infer Rest] }
            ? All<[First, ...Rest], Root>
            : Schema extends { readonly type: readonly (infer Type)[] }
              ? OfType<Type, Schema, Root>
              : Schema extends { readonly type: infer Type }
                ? OfType<Type, Schema, Root>
                : Schema extends { readonly properties: unknown }
                  ? OfType<'object', Schema, Root>
                  : JsonValue

type Mutable<Value> = Value extends readonly unknown[] | { readonly [key: string]: unknown }
  ? { -readonly [Key in keyof Value]: Mutable<Value[Key]> }
  : Value

type Each<Branch, Root> = Branch extends unknown ? FromJsonSchema<Branch, Root> : never

type All<Parts extends readonly unknown[], Root> = Parts extends readonly [infer First, ...infer Rest]
  ? FromJsonSchema<First, Root> & All<Rest, Root>
  : unknown

type OfType<Type, Schema, Root> = Type extends 'string'
  ? string
  : Type extends 'number' | 'integer'
    ? number
    : Type extends 'boolean'
      ? boolean
      : Type extends 'null'
        ? null
        : Type extends 'array'
          ? OfArray<Schema, Root>
          : Type extends 'object'
            ? OfObject<Schema, Root>
            : JsonValue

type OfArray<Schema, Root> = Schema extends { readonly prefixItems: infer Items extends readonly unknown[] }
  ? { -readonly [Position in keyof Items]: FromJsonSchema<Items[Position], Root> }
  : Schema extends { readonly items: infer Item }
    ? FromJsonSchema<Item, Root>[]
    : JsonValue[]

type OfObject<Schema, Root> = Schema extends {
  readonly properties: infer Properties extends { readonly [name: string]: unknown }
}
  ? Flatten<
      {
        -readonly [
          Name in keyof Properties as Name extends RequiredOf<Schema> ? Name : never
        ]: FromJsonSchema<Properties[Name], Root>
      } & {
        -readonly [
          Name in keyof Properties as Name extends RequiredOf<Schema> ? never : Name
        ]?: FromJsonSchema<Properties[Name], Root>
      }
    >
  : Schema extends { readonly additionalProperties: infer Value extends { readonly [key: string]: unknown } }
    ? { [name: string]: FromJsonSchema<Value, Root> }
    : { [name: string]: JsonValue }

type RequiredOf<Schema> = Schema extends { readonly required: readonly (infer Name)[] } ? Name : never

type Flatten<Value> = { [Key in keyof Value]: Value[Key] }

type Resolve<Root, Ref> = Ref extends '#'
  ? Root
  : Ref extends `#/$defs/${infer Name}`
    ? Root extends { readonly $defs: { readonly [Key in Name]: infer Definition } }
      ? Definition
      : unknown
    : Ref extends `#/definitions/${infer Name}`
      ? Root extends { readonly definitions: { readonly [Key in Name]: infer Definition } }
        ? Definition
        : unknown
      : unknown
