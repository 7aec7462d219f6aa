/** The ring with its amber share of doubt; drawn in the theme's own ink. */
export function Logo({ size = 20 }: { size?: number }) {
  return (
    <svg className="logo" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="currentColor" />
      <circle cx="16" cy="16" r="7.5" fill="none" stroke="var(--candor-background)" strokeWidth="4" />
      <path d="M20.3 9.86a7.5 7.5 0 0 1 0 12.28" fill="none" stroke="var(--candor-heat-4)" strokeWidth="4" />
    </svg>
  )
}
