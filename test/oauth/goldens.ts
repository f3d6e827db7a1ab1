import type { SocialProviderId } from '../../src/oauth/providers/index.ts'

/** What every golden URL was asked for with. */
export const GOLDEN_REQUEST = {
  state: 'STATE',
  // The example of RFC 7636, appendix B.
  codeVerifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
  redirectURI: 'https://app.example/api/auth/callback/x',
}

export const GOLDEN_OPTIONS: Record<string, object> = {
  cognito: { domain: 'cog.example.com', region: 'eu-west-1', userPoolId: 'eu-west-1_pool' },
  tiktok: { clientId: undefined, clientKey: 'CK' },
}

const REDIRECT = 'redirect_uri=https%3A%2F%2Fapp.example%2Fapi%2Fauth%2Fcallback%2Fx'
const PKCE = 'code_challenge_method=S256&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
const usual = (scope: string) => `response_type=code&client_id=CID&state=STATE&scope=${scope}&${REDIRECT}`

const CLAIMS = encodeURIComponent(
  '{"id_token":{"email":null,"email_verified":null,"preferred_username":null,"picture":null}}',
)

/** Written by hand from the wire contract's table, in the order of parameters that Better Auth 1.6.11 has. */
export const GOLDENS: Record<SocialProviderId, string> = {
  apple: `https://appleid.apple.com/auth/authorize?response_type=code+id_token&client_id=CID&state=STATE&scope=email+name&${REDIRECT}&response_mode=form_post`,
  atlassian: `https://auth.atlassian.com/authorize?${usual('read%3Ajira-user+offline_access')}&${PKCE}&audience=api.atlassian.com`,
  cognito: `https://cog.example.com/oauth2/authorize?response_type=code&client_id=CID&state=STATE&${REDIRECT}&${PKCE}&scope=openid%20profile%20email`,
  discord: `https://discord.com/api/oauth2/authorize?scope=identify+email&response_type=code&client_id=CID&${REDIRECT}&state=STATE&prompt=none`,
  facebook: `https://www.facebook.com/v24.0/dialog/oauth?${usual('email+public_profile')}`,
  figma: `https://www.figma.com/oauth?${usual('current_user%3Aread')}&${PKCE}`,
  github: `https://github.com/login/oauth/authorize?${usual('read%3Auser+user%3Aemail')}&${PKCE}`,
  microsoft: `https://login.microsoftonline.com/common/oauth2/v2.0/authorize?${usual('openid+profile+email+User.Read+offline_access')}&${PKCE}`,
  google: `https://accounts.google.com/o/oauth2/v2/auth?${usual('email+profile+openid')}&${PKCE}&include_granted_scopes=true`,
  huggingface: `https://huggingface.co/oauth/authorize?${usual('openid+profile+email')}&${PKCE}`,
  slack: `https://slack.com/openid/connect/authorize?scope=openid+profile+email&response_type=code&client_id=CID&${REDIRECT}&state=STATE`,
  spotify: `https://accounts.spotify.com/authorize?${usual('user-read-email')}&${PKCE}`,
  twitch: `https://id.twitch.tv/oauth2/authorize?${usual('user%3Aread%3Aemail+openid')}&claims=${CLAIMS}`,
  twitter: `https://x.com/i/oauth2/authorize?${usual('users.read+tweet.read+offline.access+users.email')}&${PKCE}`,
  dropbox: `https://www.dropbox.com/oauth2/authorize?${usual('account_info.read')}&${PKCE}`,
  kick: `https://id.kick.com/oauth/authorize?${usual('user%3Aread')}&${PKCE}`,
  linear: `https://linear.app/oauth/authorize?${usual('read')}`,
  linkedin: `https://www.linkedin.com/oauth/v2/authorization?${usual('profile+email+openid')}`,
  gitlab: `https://gitlab.com/oauth/authorize?${usual('read_user')}&${PKCE}`,
  tiktok: `https://www.tiktok.com/v2/auth/authorize?scope=user.info.profile&response_type=code&client_key=CK&${REDIRECT}&state=STATE`,
  reddit: `https://www.reddit.com/api/v1/authorize?${usual('identity')}`,
  roblox: `https://apis.roblox.com/oauth/v1/authorize?scope=openid+profile&response_type=code&client_id=CID&${REDIRECT}&state=STATE&prompt=select_account+consent`,
  salesforce: `https://login.salesforce.com/services/oauth2/authorize?${usual('openid+email+profile')}&${PKCE}`,
  vk: `https://id.vk.com/authorize?${usual('email+phone')}&${PKCE}`,
  zoom: `https://zoom.us/oauth/authorize?response_type=code&${REDIRECT}&client_id=CID&state=STATE&${PKCE}`,
  notion: `https://api.notion.com/v1/oauth/authorize?${usual('')}&owner=user`,
  kakao: `https://kauth.kakao.com/oauth/authorize?${usual('account_email+profile_image+profile_nickname')}`,
  naver: `https://nid.naver.com/oauth2.0/authorize?${usual('profile+email')}`,
  line: `https://access.line.me/oauth2/v2.1/authorize?${usual('openid+profile+email')}&${PKCE}`,
  paybin: `https://idp.paybin.io/oauth2/authorize?${usual('openid+email+profile')}&${PKCE}`,
  paypal: `https://www.sandbox.paypal.com/signin/authorize?${usual('')}&${PKCE}`,
  polar: `https://polar.sh/oauth2/authorize?${usual('openid+profile+email')}&${PKCE}`,
  railway: `https://backboard.railway.com/oauth/auth?${usual('openid+email+profile')}&${PKCE}`,
  vercel: `https://vercel.com/oauth/authorize?response_type=code&client_id=CID&state=STATE&${REDIRECT}&${PKCE}`,
  wechat: `https://open.weixin.qq.com/connect/qrconnect?scope=snsapi_login&response_type=code&appid=CID&${REDIRECT}&state=STATE&lang=cn#wechat_redirect`,
}

/** Those that take a hint whom to sign in, by the same table. */
export const TAKES_LOGIN_HINT = [
  'facebook',
  'github',
  'microsoft',
  'google',
  'linear',
  'linkedin',
  'gitlab',
  'notion',
  'line',
  'paybin',
]
