import { Dialog } from '@base-ui/react/dialog'
import type { ReactNode } from 'react'

export interface DrawerProps {
  /** What is in it, for those who cannot see it. */
  label: string
  side: 'start' | 'end'
  open: boolean
  onClose: () => void
  children: ReactNode
}

/** A column of the page that slides in where there is no room beside the thread. */
export function Drawer({ label, side, open, onClose, children }: DrawerProps) {
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className={`drawer drawer-${side}`} aria-label={label}>
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
