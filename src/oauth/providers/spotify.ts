import { defineProvider } from '../define-provider.ts'
import { fieldsOf } from '../fields.ts'
import type { OneClientOptions } from '../options.ts'
import { fromUserInfo } from '../profile-sources.ts'

export interface SpotifyProfile {
  id: string
  display_name: string
  email: string
  images: { url: string }[]
}

export interface SpotifyOptions extends OneClientOptions<SpotifyProfile> {}

export const spotify = defineProvider<SpotifyOptions>({
  id: 'spotify',
  name: 'Spotify',
  endpoints: {
    authorization: 'https://accounts.spotify.com/authorize',
    token: 'https://accounts.spotify.com/api/token',
  },
  scopes: ['user-read-email'],
  pkce: true,
  profile: fromUserInfo('https://api.spotify.com/v1/me'),
  // Its documents: the address is what the user typed, and unverified.
  user: ({ id, display_name, email, images }) => ({
    id,
    name: display_name,
    email,
    image: Array.isArray(images) ? fieldsOf(images[0]).url : undefined,
  }),
})
