import type { ReactElement, SVGProps } from 'react'

type IconProps = SVGProps<SVGSVGElement>

/** 16 px, in the colour of the text around it; silent, since the control that holds it has the name. */
function Icon({ children, ...props }: IconProps): ReactElement {
  return (
    <svg
      aria-hidden="true"
      className="candor-icon"
      fill="none"
      focusable="false"
      height="16"
      stroke="currentColor"
      strokeLinecap="round"
      strokeLinejoin="round"
      strokeWidth="1.5"
      viewBox="0 0 16 16"
      width="16"
      {...props}
    >
      {children}
    </svg>
  )
}

export function SendIcon(props: IconProps): ReactElement {
  return (
    <Icon strokeWidth="2" {...props}>
      <path d="M8 13V3.5M3.75 7.5 8 3.25l4.25 4.25" />
    </Icon>
  )
}

export function StopIcon(props: IconProps): ReactElement {
  return (
    <Icon fill="currentColor" stroke="none" {...props}>
      <rect height="8" rx="1" width="8" x="4" y="4" />
    </Icon>
  )
}

export function CopyIcon(props: IconProps): ReactElement {
  return (
    <Icon {...props}>
      <rect height="8.5" rx="1.75" width="8.5" x="5.25" y="5.25" />
      <path d="M3.5 10.5A1.25 1.25 0 0 1 2.25 9.25V3.75c0-.83.67-1.5 1.5-1.5h5.5c.69 0 1.25.56 1.25 1.25" />
    </Icon>
  )
}

export function CheckIcon(props: IconProps): ReactElement {
  return (
    <Icon {...props}>
      <path d="m3.25 8.5 3.25 3.25 6.25-7.25" />
    </Icon>
  )
}

export function RegenerateIcon(props: IconProps): ReactElement {
  return (
    <Icon {...props}>
      <path d="M13 8a5 5 0 1 1-1.6-3.67L13.25 6" />
      <path d="M13.25 2.75V6H10" />
    </Icon>
  )
}

export function EditIcon(props: IconProps): ReactElement {
  return (
    <Icon {...props}>
      <path d="m3 13 .6-2.7 7.1-7.1a1.5 1.5 0 0 1 2.1 2.1l-7.1 7.1L3 13Z" />
    </Icon>
  )
}

export function TokensIcon(props: IconProps): ReactElement {
  return (
    <Icon strokeWidth="2" {...props}>
      <path d="M3.25 12.75V9.5M6.4 12.75v-9M9.6 12.75V7M12.75 12.75V5.5" />
    </Icon>
  )
}

export function ChoicesIcon(props: IconProps): ReactElement {
  return (
    <Icon {...props}>
      <rect height="10.5" rx="1.5" width="5" x="2" y="2.75" />
      <rect height="10.5" rx="1.5" width="5" x="9" y="2.75" />
    </Icon>
  )
}

export function ChevronIcon(props: IconProps): ReactElement {
  return (
    <Icon {...props}>
      <path d="m4.5 6.25 3.5 3.5 3.5-3.5" />
    </Icon>
  )
}

export function PreviousIcon(props: IconProps): ReactElement {
  return (
    <Icon data-flip="" {...props}>
      <path d="M9.75 4.5 6.25 8l3.5 3.5" />
    </Icon>
  )
}

export function NextIcon(props: IconProps): ReactElement {
  return (
    <Icon data-flip="" {...props}>
      <path d="M6.25 4.5 9.75 8l-3.5 3.5" />
    </Icon>
  )
}

export function DownIcon(props: IconProps): ReactElement {
  return (
    <Icon {...props}>
      <path d="M8 3v9.5M3.75 8.5 8 12.75l4.25-4.25" />
    </Icon>
  )
}

export function ImageIcon(props: IconProps): ReactElement {
  return (
    <Icon {...props}>
      <rect height="10.5" rx="1.5" width="12" x="2" y="2.75" />
      <path d="m2.5 11.5 3.25-3.25 2.5 2.5L11 8l2.5 2.5" />
      <circle cx="5.75" cy="5.9" r=".6" />
    </Icon>
  )
}

export function DoneIcon(props: IconProps): ReactElement {
  return (
    <Icon strokeWidth="1.75" {...props}>
      <circle cx="8" cy="8" r="6" />
      <path d="m5.4 8.2 1.8 1.8 3.5-3.8" />
    </Icon>
  )
}

export function FailedIcon(props: IconProps): ReactElement {
  return (
    <Icon strokeWidth="1.75" {...props}>
      <circle cx="8" cy="8" r="6" />
      <path d="m6 6 4 4m0-4-4 4" />
    </Icon>
  )
}

export function WaitingIcon(props: IconProps): ReactElement {
  return (
    <Icon strokeWidth="1.75" {...props}>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 4.75V8l2 1.5" />
    </Icon>
  )
}

export function DeniedIcon(props: IconProps): ReactElement {
  return (
    <Icon strokeWidth="1.75" {...props}>
      <circle cx="8" cy="8" r="6" />
      <path d="m12.2 3.8-8.4 8.4" />
    </Icon>
  )
}

/** A ring with a quarter in the accent; it turns unless motion is reduced. */
export function SpinnerIcon(props: IconProps): ReactElement {
  return (
    <Icon strokeWidth="2" {...props} className="candor-icon candor-spinner">
      <circle className="candor-spinner-ring" cx="8" cy="8" r="5.75" />
      <path d="M8 2.25A5.75 5.75 0 0 1 13.75 8" />
    </Icon>
  )
}
