import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.AuthorizationRequest;
import com.nimbusds.oauth2.sdk.AuthorizationResponse;
import com.nimbusds.oauth2.sdk.ClientCredentialsGrant;
import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenIntrospectionRequest;
import com.nimbusds.oauth2.sdk.TokenIntrospectionResponse;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.TokenRevocationRequest;
import com.nimbusds.oauth2.sdk.as.AuthorizationServerMetadata;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.oauth2.sdk.token.Tokens;
import java.net.URI;
import java.util.concurrent.atomic.AtomicReference;

/** The Nimbus OAuth 2.0 SDK: discovery, then the life of a grant. */
final class Nimbus {
  private final Report report;
  private final ClientAuthentication authentication;
  private final URI redirectUri = URI.create(Report.env("REDIRECT_URI"));
  private final CodeVerifier verifier = new CodeVerifier();
  private AuthorizationServerMetadata metadata;

  Nimbus(String version, String method) {
    var id = new ClientID(Report.env("CLIENT_ID"));
    var secret = new Secret(Report.env("CLIENT_SECRET"));
    this.report = new Report("Nimbus OAuth 2.0 SDK", version, "symbolon, " + method);
    this.authentication =
        method.equals("client_secret_basic") ? new ClientSecretBasic(id, secret) : new ClientSecretPost(id, secret);
  }

  void run() {
    var code = new AtomicReference<AuthorizationCode>();
    var tokens = new AtomicReference<Tokens>();
    report.step("discover", () -> metadata = AuthorizationServerMetadata.resolve(new Issuer(Report.env("ISSUER"))));
    report.step("authorize", () -> code.set(authorize()));
    report.step("redeem", () ->
        tokens.set(request(new AuthorizationCodeGrant(code.get(), redirectUri, verifier)).toSuccessResponse().getTokens()));
    report.step("refresh", () -> {
      var first = tokens.get();
      tokens.set(request(new RefreshTokenGrant(first.getRefreshToken())).toSuccessResponse().getTokens());
      Report.expect(!tokens.get().getRefreshToken().equals(first.getRefreshToken()), "the refresh token was not rotated");
    });
    report.step("introspect", () -> Report.expect(isActive(tokens.get()), "not active"));
    report.step("revoke", () -> {
      var request = new TokenRevocationRequest(
          metadata.getRevocationEndpointURI(), authentication, tokens.get().getRefreshToken());
      var answer = request.toHTTPRequest().send();
      Report.expect(answer.indicatesSuccess(), String.valueOf(answer.getStatusCode()));
      Report.expect(!isActive(tokens.get()), "still active");
    });
    report.step("client credentials", () ->
        Report.expect(request(new ClientCredentialsGrant()).indicatesSuccess(), "refused"));
    report.step("error answer", () -> {
      var answer = request(new RefreshTokenGrant(tokens.get().getRefreshToken()));
      Report.expect(!answer.indicatesSuccess(), "no error");
      Report.expect(answer.toErrorResponse().getErrorObject().getCode().equals("invalid_grant"), "another error");
    });
  }

  private AuthorizationCode authorize() throws Exception {
    var state = new State();
    var request = new AuthorizationRequest.Builder(ResponseType.CODE, authentication.getClientID())
        .endpointURI(metadata.getAuthorizationEndpointURI())
        .redirectionURI(redirectUri)
        .scope(new Scope("payroll:read"))
        .state(state)
        .codeChallenge(verifier, CodeChallengeMethod.S256)
        .build();
    var answer = AuthorizationResponse.parse(Report.allow(request.toURI().toString()));
    Report.expect(answer.indicatesSuccess(), answer.toString());
    Report.expect(state.equals(answer.getState()), "another state");
    Report.expect(answer.getIssuer() != null, "no iss");
    return answer.toSuccessResponse().getAuthorizationCode();
  }

  private TokenResponse request(AuthorizationGrant grant) throws Exception {
    var request = new TokenRequest.Builder(metadata.getTokenEndpointURI(), authentication, grant).build();
    return TokenResponse.parse(request.toHTTPRequest().send());
  }

  private boolean isActive(Tokens tokens) throws Exception {
    var asker = new ClientSecretBasic(
        new ClientID(Report.env("RESOURCE_SERVER_ID")), new Secret(Report.env("RESOURCE_SERVER_SECRET")));
    var request =
        new TokenIntrospectionRequest(metadata.getIntrospectionEndpointURI(), asker, tokens.getAccessToken());
    return TokenIntrospectionResponse.parse(request.toHTTPRequest().send()).toSuccessResponse().isActive();
  }
}
