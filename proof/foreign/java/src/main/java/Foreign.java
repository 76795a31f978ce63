import org.springframework.security.oauth2.core.ClientAuthenticationMethod;

/** Runs Spring Security and the Nimbus OAuth 2.0 SDK; the arguments are their versions. */
final class Foreign {
  public static void main(String[] versions) {
    for (var method : new ClientAuthenticationMethod[] {
      ClientAuthenticationMethod.CLIENT_SECRET_BASIC, ClientAuthenticationMethod.CLIENT_SECRET_POST,
    }) new SpringSecurity(versions[0], method).run();
    for (var method : new String[] {"client_secret_basic", "client_secret_post"}) new Nimbus(versions[1], method).run();
  }
}
