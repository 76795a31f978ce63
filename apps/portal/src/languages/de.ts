import type { Messages } from "./messages.ts";

/** German. */
export const de: Messages = {
  "title.error": "Fehler: {title}",
  "duration.moment": "einen Moment",
  developers: "Für Entwickler",
  support: "Hilfe von {provider}",

  "sign_in.title": "Anmelden, um mit {application} fortzufahren",
  "sign_in.title_of": "Bei {provider} anmelden, um mit {application} fortzufahren",
  "sign_in.heading": "Anmelden",
  "sign_in.heading_of": "Bei {provider} anmelden",
  "sign_in.continue": "um mit {application} fortzufahren",
  "sign_in.email": "E-Mail-Adresse",
  "sign_in.password": "Passwort",
  "sign_in.password_of": "Passwort bei {provider}",
  "sign_in.show_password": "Passwort anzeigen",
  "sign_in.submit": "Anmelden",
  "sign_in.cancel": "Abbrechen und zurück zu {application}",
  "sign_in.later": "in Kürze",
  "sign_in.wrong_credentials": "E-Mail-Adresse und Passwort passen nicht zusammen. Bitte prüfen Sie beides.",
  "sign_in.too_many_attempts": "Zu viele Versuche. Bitte versuchen Sie es {when} noch einmal.",
  "sign_in.busy": "Gerade melden sich sehr viele Menschen an. Bitte versuchen Sie es {when} noch einmal.",
  "sign_in.sign_in_again": "Bitte melden Sie sich noch einmal an, um fortzufahren.",
  "sign_in.expired": "Diese Seite war lange geöffnet. Bitte melden Sie sich an, um fortzufahren.",
  "sign_in.form_outdated":
    "Sie haben diese Seite mehrmals geöffnet, und nur die letzte gilt. Bitte melden Sie sich hier an, um fortzufahren.",
  "sign_in.no_cookie":
    "Ihr Browser speichert kein Cookie dieser Seite, deshalb können wir Sie nicht anmelden. Erlauben Sie Cookies für diese Seite und versuchen Sie es noch einmal.",

  "ways.continue_with": "Weiter mit {way}",
  "ways.not_completed": "Sie sind noch nicht angemeldet. Bitte melden Sie sich an, um fortzufahren.",
  "ways.used": "Diese Anmeldung wurde schon verwendet. Bitte machen Sie hier weiter.",
  "ways.expired": "Die Anmeldung hat lange gedauert. Bitte melden Sie sich noch einmal an, um fortzufahren.",
  "ways.form_outdated":
    "Sie haben diese Seite mehrmals geöffnet, und nur die letzte zählt. Bitte machen Sie hier weiter.",
  "ways.no_cookie":
    "Ihr Browser speichert kein Cookie dieser Website, daher können wir Sie nicht anmelden. Erlauben Sie Cookies für diese Website und versuchen Sie es noch einmal.",
  "ways.not_reached":
    "Der Anmeldedienst antwortet gerade nicht. Warten Sie eine Minute und versuchen Sie es noch einmal.",
  "ways.failed":
    "Der Anmeldedienst hat etwas geantwortet, das wir nicht annehmen können. Bitte versuchen Sie es noch einmal.",
  "ways.not_allowed": "Mit diesem Konto dürfen Sie sich hier nicht anmelden. Versuchen Sie es mit einem anderen.",

  "consent.title": "Zugriff für {application} erlauben?",
  "consent.heading": "Darf {application} Ihr Konto nutzen?",
  "consent.heading_of": "Darf {application} Ihr Konto bei {provider} nutzen?",
  "consent.publisher": "Hergestellt von {publisher}",
  "consent.home_page": "Website der Anwendung",
  "consent.terms": "Nutzungsbedingungen der Anwendung",
  "consent.policy": "Wie die Anwendung Ihre Daten schützt",
  "consent.expired":
    "Diese Seite war lange geöffnet, deshalb wurde noch nichts erlaubt. Bitte antworten Sie noch einmal.",
  "consent.form_outdated":
    "Sie haben sich noch einmal angemeldet, nachdem diese Seite geöffnet wurde. Deshalb wurde noch nichts erlaubt. Prüfen Sie das Konto unten und antworten Sie noch einmal.",
  "consent.look_alike":
    "Dieser Name mischt Buchstaben aus mehreren Alphabeten und kann deshalb wie ein anderer Name aussehen. Prüfen Sie, wohin Ihre Antwort geht.",
  "consent.signed_in_as": "Angemeldet als {account}",
  "consent.switch_account": "Anderes Konto verwenden",
  "consent.changes": "Die Anwendung darf Änderungen vornehmen",
  "consent.reads": "Die Anwendung darf sehen, aber nicht ändern",
  "consent.technical": "Technische Angaben",
  "consent.which": "Wofür gilt der Zugriff? ({kind})",
  "consent.which_of_two": "Wofür gilt der Zugriff? ({kind} oder {other})",
  "consent.which_of_many": "Wofür gilt der Zugriff?",
  "consent.choose_resource": "Bitte wählen Sie aus, bevor Sie den Zugriff erlauben.",
  "consent.only_for": "Nur für ({kind})",
  "consent.goes_to": "Ihre Antwort geht an",
  "consent.lasts": "Der Zugriff gilt",
  "consent.lifetime": "Bis er beendet wird, höchstens {longest}.",
  "consent.lifetime_idle":
    "Bis er beendet wird, höchstens {longest}. Er endet früher, wenn er {idle} lang nicht genutzt wird.",
  "consent.allow": "Erlauben",
  "consent.deny": "Ablehnen",

  "destination.computer": "diesen Computer",
  "destination.program": "{computer}, an ein Programm, das darauf läuft",
  "destination.app": "eine App auf diesem Gerät, {app}",
  "destination.next_page": "die nächste Seite",

  "redirect.title": "Einen Moment",
  "redirect.goes_to": "Ihre Antwort geht an {destination}.",
  "redirect.continue": "Weiter",
  "redirect.open_app": "App öffnen",
  "redirect.no_app":
    "Wenn sich nichts öffnet, wählen Sie „{button}“. Wenn auch das nichts bewirkt, ist die App nicht auf diesem Gerät: Öffnen Sie die Anwendung, die Sie hierher geschickt hat, und beginnen Sie dort von vorn.",

  "sign_out.question": "Abmelden?",
  "sign_out.signed_in_as": "Sie sind angemeldet als {account}",
  "sign_out.submit": "Abmelden",
  "sign_out.done": "Sie sind abgemeldet",
  "sign_out.no_account": "In diesem Browser ist kein Konto angemeldet.",
  "sign_out.footnote": "Anwendungen, denen Sie den Zugriff erlaubt haben, behalten ihn.",

  "home.title": "Anmeldung und Berechtigungen",
  "home.heading": "Anmeldung und Berechtigungen für {site}",
  "home.message":
    "Anwendungen schicken Sie hierher, damit Sie sich anmelden und entscheiden, was die Anwendungen mit Ihrem Konto tun dürfen. Beginnen Sie in der Anwendung.",
  "home.sign_out": "In diesem Browser angemeldet? {link}",
  "home.issuer": "Aussteller {issuer}",
  "home.metadata": "Metadaten",

  "problem.request_id": "Anfragenummer {id}",
  "problem.mistake.title": "Die Anwendung hat einen Fehler gemacht",
  "problem.mistake.message":
    "Die Anwendung hat eine Anfrage geschickt, die dieser Server nicht annehmen kann. Es wurde nichts weitergegeben.",
  "problem.access_ended.title": "Die Anwendung hat keinen Zugriff mehr",
  "problem.access_ended.message": "Der Zugriff der Anwendung auf Ihr Konto ist beendet oder wurde nie erlaubt.",
  "problem.not_allowed.title": "Die Anwendung darf das nicht verlangen",
  "problem.not_allowed.message":
    "Die Anwendung wollte mehr, als für sie eingetragen ist. Es wurde nichts weitergegeben.",
  "problem.not_identified.title": "Die Anwendung konnte sich nicht ausweisen",
  "problem.not_identified.message":
    "Dieser Server antwortet einer Anwendung nur, wenn sie sich ausweist. Es wurde nichts weitergegeben.",
  "problem.fault.title": "Auf diesem Server ist etwas schiefgegangen",
  "problem.fault.message": "Das liegt nicht an Ihnen und nicht an der Anwendung.",
  "problem.busy.title": "Dieser Server ist überlastet",
  "problem.busy.message": "Es kamen zu viele Anfragen auf einmal, und Ihre wurde nicht beantwortet.",
  "problem.sign_in_needed.title": "Sie müssen sich anmelden",
  "problem.sign_in_needed.message":
    "Die Anwendung wollte den Zugriff, ohne eine Seite zu zeigen. Das geht erst, wenn Sie sich angemeldet und den Zugriff erlaubt haben.",
  "problem.denied.title": "Der Zugriff wurde abgelehnt",
  "problem.denied.message": "Die Anwendung weiß davon, und es wurde nichts weitergegeben.",
  "problem.application_unknown.title": "Dieser Server kennt die Anwendung nicht",
  "problem.application_unknown.message":
    "Die Anwendung, die Sie hierher geschickt hat, ist nicht oder nicht mehr eingetragen. Es wurde nichts an sie weitergegeben.",
  "problem.address_unknown.title": "Wir können Sie nicht zur Anwendung zurückschicken",
  "problem.address_unknown.message":
    "Die Anwendung wollte, dass wir Sie an eine Adresse schicken, die nicht als ihre eigene eingetragen ist. Das haben wir nicht getan, denn die Adresse könnte jemand anderem gehören. Es wurde nichts weitergegeben.",
  "problem.address_missing.title": "Wir können Sie nicht zur Anwendung zurückschicken",
  "problem.address_missing.message":
    "Die Anwendung hat nicht gesagt, wohin wir Sie nach Ihrer Antwort schicken sollen. Es wurde nichts weitergegeben.",
  "problem.page_outdated.title": "Diese Seite funktioniert nicht mehr",
  "problem.page_outdated.message":
    "Die Adresse ist unvollständig oder stammt aus der Zeit vor einer Änderung. Es wurde nichts weitergegeben.",
  "problem.no_application.title": "Die Anmeldung beginnt in der Anwendung",
  "problem.no_application.message": "Diese Seite allein weiß nicht, welche Anwendung Sie verbinden möchten.",
  "problem.other_site.title": "Dieses Formular kam von einer anderen Website",
  "problem.other_site.message":
    "Das Formular stammt nicht von einer Seite dieses Servers. Vielleicht wollte eine andere Website in Ihrem Namen handeln, deshalb wurde nichts getan.",
  "problem.no_page.title": "Hier gibt es keine Seite",
  "problem.no_page.message": "Die Adresse enthält vielleicht einen Tippfehler oder ist veraltet.",
  "problem.not_for_people.title": "Hier gibt es keine Seite",
  "problem.not_for_people.message": "Diese Adresse ist nur für Anwendungen.",
  "problem.other_host.title": "Das ist nicht die Adresse dieses Servers",
  "problem.other_host.message": "Ihr Browser hat diesen Server unter einem Namen erreicht, der nicht zu ihm gehört.",
  "problem.application_too_fast.title": "Die Anwendung fragt zu oft",
  "problem.application_too_fast.message": "Dieser Server antwortet der Anwendung für kurze Zeit nicht.",
  "problem.too_many_attempts.title": "Zu viele Versuche, sich anzumelden",
  "problem.too_many_attempts.message": "Um das Konto zu schützen, ist die Anmeldung eine Weile gesperrt.",
  "problem.sign_in_busy.title": "Gerade melden sich sehr viele Menschen an",
  "problem.sign_in_busy.message": "Ihr Passwort wurde nicht geprüft.",
  "problem.no_data.title": "Gerade funktioniert etwas nicht",
  "problem.no_data.message":
    "Dieser Server konnte seine Daten nicht lesen oder speichern. Ihr letzter Schritt wurde vielleicht nicht gespeichert.",
  "problem.other_browser.title": "Diese Anmeldung hat in einem anderen Browser begonnen",
  "problem.other_browser.message":
    "Zu Ihrem Schutz kann sie nur in dem Browser abgeschlossen werden, in dem sie begonnen hat. Sie sind hier nicht angemeldet.",
  "problem.suspended.title": "Sie können sich hier nicht anmelden",
  "problem.suspended.message": "Ihr Zugang wurde gesperrt. An die Anwendung wurde nichts weitergegeben.",

  "action.close_link":
    "Wenn Sie einem Link gefolgt sind, den Ihnen jemand geschickt hat, schließen Sie diese Seite. Sonst gehen Sie zurück zur Anwendung und beginnen Sie von vorn.",
  "action.ask_login": "Fragen Sie die, deren Anmeldung Sie benutzt haben.",
  "action.tell_its_makers":
    "Gehen Sie zurück zur Anwendung und versuchen Sie es noch einmal. Wenn es wieder passiert, sagen Sie denen Bescheid, die die Anwendung herstellen.",
  "action.start_again": "Gehen Sie zurück zur Anwendung und beginnen Sie von vorn.",
  "action.connect_again":
    "Öffnen Sie die Anwendung und verbinden Sie Ihr Konto noch einmal. Wenn das nicht hilft, sagen Sie denen Bescheid, die die Anwendung herstellen.",
  "action.connect_there": "Gehen Sie zurück zur Anwendung und verbinden Sie dort Ihr Konto.",
  "action.connect_if_wanted":
    "Wenn Sie es sich anders überlegen, gehen Sie zurück zur Anwendung und verbinden Sie dort Ihr Konto.",
  "action.go_back": "Gehen Sie zurück zu der Anwendung, von der Sie gekommen sind.",
  "action.close_page":
    "Wenn Sie gerade eine Anwendung verbinden wollten, schließen Sie diese Seite. Gehen Sie zurück zur Anwendung und beginnen Sie von vorn.",
  "action.check_address": "Prüfen Sie die Adresse, oder gehen Sie zurück zu der Anwendung, von der Sie gekommen sind.",
  "action.check_link":
    "Prüfen Sie die Adresse. Wenn Sie einem Link gefolgt sind, sagen Sie denen Bescheid, von denen er stammt.",
  "action.reload": "Warten Sie ein paar Sekunden und laden Sie die Seite neu.",
  "action.reload_safely":
    "Warten Sie ein paar Sekunden und laden Sie die Seite neu. Das ist ungefährlich: Nichts geschieht doppelt.",
  "action.wait_seconds": "Warten Sie ein paar Sekunden und versuchen Sie es noch einmal.",
  "action.wait_minutes": "Warten Sie ein paar Minuten und versuchen Sie es noch einmal.",
  "action.wait_minute": "Warten Sie eine Minute und versuchen Sie es in der Anwendung noch einmal.",
  "action.tell_operators":
    "Versuchen Sie es in einer Minute noch einmal. Wenn es wieder passiert, sagen Sie denen Bescheid, die diesen Server betreiben.",

  "reason.message": "Was falsch ist",
  "reason.remedy": "Was zu tun ist",
  "reason.seen_by": "Wer es sieht",
  "reason.log_only": "Nur das Protokoll des Servers. Die Anwendung erhält allein den Fehlercode.",
  "reason.clause": "Abschnitt",
  "reason.causes": "Ursachen",
};
