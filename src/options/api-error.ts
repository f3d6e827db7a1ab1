/** How the built-in error page looks; every value is one of CSS. Giving it shows that page in production too. */
export interface ErrorPageStyle {
  colors?: {
    background?: string
    foreground?: string
    /** The link back. */
    primary?: string
    primaryForeground?: string
    mutedForeground?: string
    border?: string
    /** The error code. */
    destructive?: string
    titleBorder?: string
    titleColor?: string
    gridColor?: string
    cardBackground?: string
    cornerBorder?: string
  }
  size?: {
    radiusSm?: string
    radiusMd?: string
    radiusLg?: string
    textSm?: string
    text2xl?: string
    text4xl?: string
    text6xl?: string
  }
  font?: { defaultFamily?: string; monoFamily?: string }
  disableTitleBorder?: boolean
  disableCornerDecorations?: boolean
  disableBackgroundGrid?: boolean
}

export interface APIErrorOptions {
  /** Where browsers are sent with `?error=CODE`, instead of to the built-in page. */
  errorURL?: string
  /** Told of every unexpected failure, with what was thrown. */
  onError?: (error: unknown, call?: { request?: Request; headers: Headers }) => void
  /** Errors that are answered 500 are thrown out of `auth.handler` instead, for a host that handles them. Default false. */
  throw?: boolean
  customizeDefaultErrorPage?: ErrorPageStyle
}
