import { mergeProps } from '@base-ui/react/merge-props'
import { useRender } from '@base-ui/react/use-render'
import {
  forwardRef,
  memo,
  type ComponentPropsWithoutRef,
  type HTMLAttributes,
  type ReactElement,
  type Ref,
  type RefAttributes,
} from 'react'

type Tag = keyof HTMLElementTagNameMap

/** State that an element shows as `data-*` attributes: `true` as an empty one, `false` as none. */
export type PartState = Record<string, string | number | boolean | undefined>

/** What every part takes beside its own props: all attributes of its element, and `render`. */
export type PartProps<T extends Tag, Own = unknown> = Omit<ComponentPropsWithoutRef<T>, keyof Own> &
  Own & {
    /** Renders the part as another element: an element to clone, or a function of the props and the state. */
    render?: ReactElement | ((props: HTMLAttributes<HTMLElement>, state: PartState) => ReactElement)
  }

/** A component that renders one element and takes its ref, its class, its attributes and `render`. */
export interface PartComponent<T extends Tag, Own = unknown> {
  (props: PartProps<T, Own> & RefAttributes<HTMLElementTagNameMap[T]>): ReactElement | null
  displayName?: string
}

interface PartElement<T extends Tag> {
  /** The element's own props; the caller's stand over them, handlers and classes are merged. */
  props: ComponentPropsWithoutRef<T> & { [data: `data-${string}`]: string | undefined }
  /** What the caller passed and the part did not use. */
  rest: object
  ref: Ref<HTMLElementTagNameMap[T]> | Ref<HTMLElementTagNameMap[T]>[]
  state?: PartState
}

/** The element of a part: merges props, sets `data-*` from the state, honours `render`. */
export function usePartElement<T extends Tag>(
  tag: T,
  { props, rest, ref, state }: PartElement<T>,
): ReactElement {
  const { render, ...others } = rest as { render?: ReactElement }
  return useRender<PartState, HTMLElement>({
    defaultTagName: tag,
    render,
    ref,
    state: state ?? {},
    props: mergeProps<'div'>(props as object, others),
  })
}

/** Makes a part of a function component. `forwardRef`, since React 18 passes a ref no other way. */
export function definePart<T extends Tag, Own = unknown>(
  displayName: string,
  renderPart: (props: PartProps<T, Own>, ref: Ref<HTMLElementTagNameMap[T]>) => ReactElement | null,
): PartComponent<T, Own> {
  // React's own types of `forwardRef` lose what depends on the tag.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const Part = forwardRef(renderPart as never) as unknown as PartComponent<T, Own>
  Part.displayName = displayName
  return Part
}

/** The same part, rendered again only when a prop is another. */
export function memoPart<T extends Tag, Own>(part: PartComponent<T, Own>): PartComponent<T, Own> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return memo(part) as unknown as PartComponent<T, Own>
}
