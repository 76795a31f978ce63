import static org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames.CODE;
import static org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames.STATE;

import java.net.URI;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.security.oauth2.client.endpoint.OAuth2AuthorizationCodeGrantRequest;
import org.springframework.security.oauth2.client.endpoint.OAuth2ClientCredentialsGrantRequest;
import org.springframework.security.oauth2.client.endpoint.OAuth2RefreshTokenGrantRequest;
import org.springframework.security.oauth2.client.endpoint.RestClientAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.RestClientClientCredentialsTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.RestClientRefreshTokenTokenResponseClient;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestCustomizers;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.core.endpoint.OAuth2AccessTokenResponse;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationExchange;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationResponse;
import org.springframework.security.oauth2.server.resource.introspection.SpringOpaqueTokenIntrospector;
import org.springframework.web.util.UriComponentsBuilder;

/** Spring Security: configured by the issuer's address alone, then the life of a grant. */
final class SpringSecurity {
  private final Report report;
  private final ClientAuthenticationMethod method;

  SpringSecurity(String version, ClientAuthenticationMethod method) {
    this.report = new Report("Spring Security", version, "symbolon, " + method.getValue());
    this.method = method;
  }

  void run() {
    var registration = new AtomicReference<ClientRegistration>();
    var tokens = new AtomicReference<OAuth2AccessTokenResponse>();
    var exchange = new AtomicReference<OAuth2AuthorizationExchange>();
    report.step("discover", () -> registration.set(discover(AuthorizationGrantType.AUTHORIZATION_CODE)));
    report.step("authorize", () -> exchange.set(authorize(registration.get())));
    report.step("redeem", () -> {
      var request = new OAuth2AuthorizationCodeGrantRequest(registration.get(), exchange.get());
      tokens.set(new RestClientAuthorizationCodeTokenResponseClient().getTokenResponse(request));
      Report.expect(tokens.get().getRefreshToken() != null, "no refresh token");
    });
    report.step("refresh", () -> {
      var first = tokens.get();
      var request = new OAuth2RefreshTokenGrantRequest(
          registration.get(), first.getAccessToken(), first.getRefreshToken());
      tokens.set(new RestClientRefreshTokenTokenResponseClient().getTokenResponse(request));
      var rotated = !tokens.get().getRefreshToken().getTokenValue().equals(first.getRefreshToken().getTokenValue());
      Report.expect(rotated, "the refresh token was not rotated");
    });
    report.step("introspect", () -> {
      var introspector = SpringOpaqueTokenIntrospector
          .withIntrospectionUri(Report.env("ISSUER") + "/oauth/introspect")
          .clientId(Report.env("RESOURCE_SERVER_ID"))
          .clientSecret(Report.env("RESOURCE_SERVER_SECRET"))
          .build();
      var principal = introspector.introspect(tokens.get().getAccessToken().getTokenValue());
      Report.expect(principal.getAuthorities().toString().contains("payroll:read"), principal.toString());
    });
    report.step("client credentials", () -> {
      var request = new OAuth2ClientCredentialsGrantRequest(discover(AuthorizationGrantType.CLIENT_CREDENTIALS));
      var issued = new RestClientClientCredentialsTokenResponseClient().getTokenResponse(request);
      Report.expect(issued.getAccessToken().getTokenValue() != null, "no access token");
    });
    report.step("error answer", () -> {
      var request = new OAuth2AuthorizationCodeGrantRequest(registration.get(), exchange.get());
      try {
        new RestClientAuthorizationCodeTokenResponseClient().getTokenResponse(request);
      } catch (OAuth2AuthorizationException error) {
        Report.expect(error.getError().getErrorCode().equals("invalid_grant"), error.getMessage());
        return;
      }
      throw new AssertionError("no error");
    });
  }

  private ClientRegistration discover(AuthorizationGrantType grant) {
    return ClientRegistrations.fromIssuerLocation(Report.env("ISSUER"))
        .registrationId("symbolon")
        .clientId(Report.env("CLIENT_ID"))
        .clientSecret(Report.env("CLIENT_SECRET"))
        .clientAuthenticationMethod(method)
        .authorizationGrantType(grant)
        .redirectUri(Report.env("REDIRECT_URI"))
        .scope("payroll:read")
        .build();
  }

  private static OAuth2AuthorizationExchange authorize(ClientRegistration registration) throws Exception {
    var builder = OAuth2AuthorizationRequest.authorizationCode()
        .authorizationUri(registration.getProviderDetails().getAuthorizationUri())
        .clientId(registration.getClientId())
        .redirectUri(registration.getRedirectUri())
        .scopes(Set.copyOf(registration.getScopes()))
        .state("state=/+ ?");
    OAuth2AuthorizationRequestCustomizers.withPkce().accept(builder);
    var request = builder.build();
    URI location = Report.allow(request.getAuthorizationRequestUri());
    var parameters = UriComponentsBuilder.fromUri(location).build().getQueryParams();
    var response = OAuth2AuthorizationResponse.success(parameters.getFirst(CODE))
        .redirectUri(registration.getRedirectUri())
        .state(parameters.getFirst(STATE))
        .build();
    return new OAuth2AuthorizationExchange(request, response);
  }
}
