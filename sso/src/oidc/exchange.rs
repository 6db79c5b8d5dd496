//! What is asked of a provider with a code and a token in hand: the token endpoint and userinfo.

use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreClientAuthMethod, CoreErrorResponseType, CoreGenderClaim,
    CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreRevocableToken, CoreRevocationErrorResponse,
    CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AccessToken, AuthType, AuthorizationCode, Client, ClientId, ClientSecret, EmptyExtraTokenFields,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, IdTokenFields, PkceCodeVerifier, RequestTokenError,
    StandardErrorResponse, StandardTokenResponse, SubjectIdentifier, UserInfoClaims, UserInfoError,
};

use super::claims::{Extra, Told};
use super::discovery::Metadata;
use super::{Algorithm, Provider};
use crate::SsoError;

/// What the token endpoint gives for a code.
pub(super) type TokenAnswer = StandardTokenResponse<
    IdTokenFields<
        Extra,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        Algorithm,
    >,
    CoreTokenType,
>;

/// This installation, as the crate pictures it.
pub(super) type OidcClient = Client<
    Extra,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    TokenAnswer,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

impl Provider {
    /// Redeems a code, with the proof that it was asked for here.
    pub(super) async fn redeem(
        &self,
        metadata: &Metadata,
        code: String,
        verifier: String,
    ) -> Result<TokenAnswer, SsoError> {
        let client = self.client(metadata)?;
        let request = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|_| self.unreachable("it names no token_endpoint".into()))?
            .set_pkce_verifier(PkceCodeVerifier::new(verifier));
        request.request_async(&self.0.http).await.map_err(|error| match error {
            // RFC 6749, section 5.2.
            RequestTokenError::ServerResponse(answer) => self.no_token(answer.error().as_ref()),
            RequestTokenError::Request(problem) => self.unreachable(problem.to_string()),
            // Not what could not be read: it may hold a token.
            RequestTokenError::Parse(..) => {
                self.unreachable("its token endpoint's answer is unreadable".into())
            }
            RequestTokenError::Other(_) => self.unreachable("its token endpoint's answer is not JSON".into()),
        })
    }

    /// Whose fault it is: the code's, which then proves nothing; ours, when the secret is wrong; or the provider says no.
    fn no_token(&self, code: &str) -> SsoError {
        match code {
            "invalid_grant" => self.not_proven("code"),
            "invalid_client" | "unauthorized_client" => {
                self.unreachable(format!("it refuses the client id or secret: {code}"))
            }
            other => denied(other),
        }
    }

    /// OpenID Connect Core 1.0, section 5.3. A failure is not passed over: groups would seem to be lost.
    pub(super) async fn userinfo(
        &self,
        metadata: &Metadata,
        token: &AccessToken,
        subject: &SubjectIdentifier,
    ) -> Result<Told, SsoError> {
        // RFC 6750, section 2.1. Anything else cannot be put into a header.
        if !token.secret().bytes().all(|b| b.is_ascii_graphic()) {
            return Err(self.unreachable("its access token holds strange characters".into()));
        }
        let client = self.client(metadata)?;
        let told: UserInfoClaims<Extra, CoreGenderClaim> = client
            .user_info(token.clone(), Some(subject.clone()))
            .map_err(|_| self.unreachable("it names no userinfo_endpoint".into()))?
            .request_async(&self.0.http)
            .await
            .map_err(|error| match error {
                // The subject must be the one of the ID token: section 5.3.2.
                UserInfoError::ClaimsVerification(_) => self.not_proven("userinfo"),
                UserInfoError::Request(problem) => self.unreachable(problem.to_string()),
                UserInfoError::Response(status, ..) => self.unreachable(format!("userinfo: status {status}")),
                _ => self.unreachable("userinfo is unreadable".into()),
            })?;
        let group_claim = self.0.settings.group_claim.as_deref();
        Told::read(told.email(), told.email_verified(), told.name(), told.additional_claims(), group_claim)
            .map_err(|refusal| self.refused(refusal))
    }

    /// This installation as a client of the provider.
    pub(super) fn client(&self, metadata: &Metadata) -> Result<OidcClient, SsoError> {
        let settings = &self.0.settings;
        let secret =
            settings.client_secret.as_ref().map(|secret| ClientSecret::new(secret.reveal().to_owned()));
        let how = self.authentication(metadata)?;
        let id = ClientId::new(settings.client_id.clone());
        Ok(Client::from_provider_metadata(metadata.clone(), id, secret)
            .set_auth_type(how)
            .set_redirect_uri(self.0.redirect.clone()))
    }

    /// How the secret goes to the token endpoint. Silence means `client_secret_basic`: OpenID Connect Discovery 1.0,
    /// section 3. A public client sends its name in the body either way.
    fn authentication(&self, metadata: &Metadata) -> Result<AuthType, SsoError> {
        let offered = metadata.token_endpoint_auth_methods_supported();
        let offers = |method| offered.is_none_or(|offered| offered.contains(&method));
        if self.0.settings.client_secret.is_none() || offers(CoreClientAuthMethod::ClientSecretBasic) {
            Ok(AuthType::BasicAuth)
        } else if offers(CoreClientAuthMethod::ClientSecretPost) {
            Ok(AuthType::RequestBody)
        } else {
            Err(self.unreachable("it takes neither client_secret_basic nor client_secret_post".into()))
        }
    }
}

/// A code of a refusal; anything but the letters of such codes is not repeated.
pub(super) fn denied(code: &str) -> SsoError {
    let known = code.len() <= 64 && code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    SsoError::Denied { code: if known && !code.is_empty() { code } else { "unknown" }.into() }
}
