import { join } from 'node:path'
import express, { type RequestHandler, Router } from 'express'

/** The addresses of the page; the same document answers all of them. */
export const pagePaths = [
  '/',
  '/sign-up',
  '/sign-in-by-mail',
  '/second-factor',
  '/forgot-password',
  '/reset-password',
  '/organizations',
  '/admin',
]

const contentSecurityPolicy = [
  "default-src 'self'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

/** Serves the built page: hashed assets for ever, the document always revalidated. */
export function pageRoutes(pageDirectory: string): Router {
  const router = Router()
  router.use(
    '/assets',
    securityHeaders,
    express.static(join(pageDirectory, 'assets'), { immutable: true, maxAge: '1y' }),
  )
  router.get(pagePaths, securityHeaders, (_req, res) => {
    res.sendFile('index.html', { root: pageDirectory, headers: { 'Cache-Control': 'no-cache' } })
  })
  router.get('/favicon.svg', securityHeaders, (_req, res) => {
    res.sendFile('favicon.svg', { root: pageDirectory, maxAge: '1d' })
  })
  return router
}

const securityHeaders: RequestHandler = (_req, res, next) => {
  res.set({
    'Content-Security-Policy': contentSecurityPolicy,
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
    // The reset link carries its token in the address: never tell it to another site.
    'Referrer-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
  })
  next()
}
