import { memo, type ReactElement } from 'react'

interface PartProps {
  text: string
}

/** A part of a message in a plain list. */
export function PlainPart({ text }: PartProps): ReactElement {
  return <p>{text}</p>
}

/** The same, rendered again only when its text is another. */
export const Part: React.NamedExoticComponent<PartProps> = memo(PlainPart)
