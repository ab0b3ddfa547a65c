# ruff: noqa: E501 - a phrase stands in its three languages on one line, to be read side by side
"""What people write of each service: sentences in three languages, by mood; nobody's own words are among them.

Handbook 3.1.2 (feedback).
"""

from __future__ import annotations

from typing import Final

type Phrase = tuple[str, str, str]

# Of each service, in the order of the code list: three sentences each of praise, of complaint and of wishes.
ABOUT: Final[tuple[tuple[Phrase, ...], ...]] = (
    (
        ("Varaukseni tuli nopeasti.", "Min reservering kom snabbt.", "My reservation came quickly."),
        ("Lastenosasto on viihtyisä ja satutunti oli ihana.", "Barnavdelningen är trivsam och sagostunden var härlig.", "The children's corner is cosy and story time was lovely."),
        ("Henkilökunta löysi juuri oikean kirjan.", "Personalen hittade precis rätt bok.", "The staff found exactly the right book."),
        ("Palautusautomaatti oli taas rikki.", "Återlämningsautomaten var sönder igen.", "The returns machine was broken again."),
        ("Sain myöhästymismaksun, vaikka palautin ajoissa.", "Jag fick en förseningsavgift fast jag återlämnade i tid.", "I got a late fee although I returned the book in time."),
        ("Lukusalissa oli niin meluisaa, ettei voinut lukea.", "Det var så bullrigt i läsesalen att man inte kunde läsa.", "The reading room was too noisy to read in."),
        ("Toivoisin lisää äänikirjoja.", "Jag önskar fler ljudböcker.", "I would like more audio books."),
        ("Voisiko sunnuntaina olla pidempään auki?", "Kunde det vara öppet längre på söndagar?", "Could you stay open longer on Sundays?"),
        ("Hyllyjen opasteet voisi uusia.", "Skyltarna vid hyllorna kunde förnyas.", "The signs on the shelves could be renewed."),
    ),
    (
        ("Näyttely oli hienosti koottu.", "Utställningen var fint sammanställd.", "The exhibition was beautifully put together."),
        ("Opas kertoi kiinnostavasti vanhasta satamasta.", "Guiden berättade intressant om den gamla hamnen.", "The guide told us interesting things about the old harbour."),
        ("Lapset viihtyivät työpajassa koko iltapäivän.", "Barnen trivdes i verkstaden hela eftermiddagen.", "The children enjoyed the workshop all afternoon."),
        ("Näyttelytekstit olivat liian pientä pränttiä.", "Texterna i utställningen var för små.", "The texts of the exhibition were too small."),
        ("Lipunmyynnissä piti odottaa kauan.", "Man fick vänta länge vid biljettförsäljningen.", "We had to wait long for our tickets."),
        ("Hissi ei toiminut, eikä rattailla päässyt yläkertaan.", "Hissen fungerade inte och med barnvagn kom man inte upp.", "The lift was out of order and we could not get upstairs with a pram."),
        ("Toivoisin tekstejä myös selkokielellä.", "Jag önskar texter också på lättläst språk.", "I would like texts in plain language too."),
        ("Hiljaisia aukioloaikoja voisi olla useammin.", "Stilla öppettider kunde ordnas oftare.", "There could be quiet hours more often."),
        ("Kahvilaan kaivattaisiin lounasta.", "Kaféet kunde servera lunch.", "The café could serve lunch."),
    ),
    (
        ("Paikat olivat siistit ja valoisat.", "Lokalerna var snygga och ljusa.", "The place was tidy and bright."),
        ("Ohjaaja sai koko ryhmän innostumaan.", "Ledaren fick hela gruppen entusiastisk.", "The instructor got the whole group going."),
        ("Uudet välineet ovat erinomaiset.", "De nya redskapen är utmärkta.", "The new equipment is excellent."),
        ("Pukuhuoneet olivat likaiset.", "Omklädningsrummen var smutsiga.", "The changing rooms were dirty."),
        ("Suihkusta tuli vain kylmää vettä.", "Ur duschen kom bara kallt vatten.", "Only cold water came from the shower."),
        ("Ryhmä peruttiin ilman ilmoitusta.", "Gruppen ställdes in utan besked.", "The class was cancelled without notice."),
        ("Aamuvuoroja voisi olla jo kuudelta.", "Morgonturer kunde ordnas redan klockan sex.", "Morning hours could begin at six."),
        ("Toivomme lisää vuoroja tytöille.", "Vi önskar fler turer för flickor.", "We would like more hours for girls."),
        ("Lukittavia pyörätelineitä tarvittaisiin oven viereen.", "Låsbara cykelställ behövs vid dörren.", "Lockable bicycle racks are needed by the door."),
    ),
    (
        ("Hoitaja kuunteli ja otti asiani tosissaan.", "Skötaren lyssnade och tog mitt ärende på allvar.", "The nurse listened and took my case seriously."),
        ("Pääsin vastaanotolle samana päivänä.", "Jag fick tid samma dag.", "I got an appointment on the same day."),
        ("Hoito selitettiin ymmärrettävästi.", "Vården förklarades på ett begripligt sätt.", "The treatment was explained clearly."),
        ("Jonotin puhelimessa yli tunnin.", "Jag köade i telefon i över en timme.", "I waited on the phone for more than an hour."),
        ("Aika peruttiin kahdesti ilman selitystä.", "Tiden avbokades två gånger utan förklaring.", "My appointment was cancelled twice without an explanation."),
        ("Takaisinsoittoa ei koskaan tullut.", "Jag blev aldrig uppringd.", "Nobody ever called me back."),
        ("Ajanvarauksen voisi hoitaa netissä.", "Tidsbokningen kunde skötas på nätet.", "Booking could be possible on the net."),
        ("Iltavastaanotto helpottaisi työssäkäyviä.", "En kvällsmottagning skulle underlätta för dem som arbetar.", "Evening hours would help those who work."),
        ("Odotustilaan toivoisin leikkinurkkausta.", "Jag önskar en lekhörna i väntrummet.", "I would like a play corner in the waiting room."),
    ),
    (
        ("Opettaja tiedottaa hyvin ja ajoissa.", "Läraren informerar bra och i god tid.", "The teacher keeps us well informed."),
        ("Koulunkäynninohjaaja on ollut suureksi avuksi.", "Skolgångshandledaren har varit till stor hjälp.", "The assistant has been a great help."),
        ("Lapseni menee kouluun mielellään.", "Mitt barn går gärna till skolan.", "My child likes to go to school."),
        ("Luokan sisäilma on huono.", "Inomhusluften i klassen är dålig.", "The air in the classroom is bad."),
        ("Kiusaamiseen ei ole puututtu.", "Ingen har ingripit i mobbningen.", "Nothing has been done about the bullying."),
        ("Koulukuljetus myöhästelee joka viikko.", "Skolskjutsen är försenad varje vecka.", "The school transport is late every week."),
        ("Ruokalistalle toivoisi lisää kasvisruokaa.", "Jag önskar mer vegetarisk mat på matlistan.", "I would like more vegetarian food on the menu."),
        ("Iltapäiväkerhoon tarvitaan lisää paikkoja.", "Det behövs fler platser i eftermiddagsklubben.", "More places are needed in the afternoon club."),
        ("Viestejä voisi tulla harvemmin ja kootusti.", "Meddelandena kunde komma mer sällan och samlat.", "Messages could come less often and together."),
    ),
    (
        ("Päiväkodissa lapsesta pidetään hyvää huolta.", "På daghemmet tar man väl hand om barnet.", "They take good care of our child."),
        ("Aloitus sujui lempeästi ja rauhassa.", "Inskolningen gick mjukt och lugnt.", "The start was gentle and calm."),
        ("Retkipäivät ovat lapselle viikon kohokohta.", "Utfärdsdagarna är veckans höjdpunkt för barnet.", "The outings are the highlight of the week for our child."),
        ("Hoitajat vaihtuvat jatkuvasti.", "Personalen byts hela tiden.", "The staff changes all the time."),
        ("Paikkaa piti odottaa neljä kuukautta.", "Vi fick vänta fyra månader på en plats.", "We had to wait four months for a place."),
        ("Pihan aita on rikki.", "Staketet på gården är sönder.", "The fence of the yard is broken."),
        ("Aukioloa voisi pidentää vuorotyöläisille.", "Öppettiden kunde förlängas för skiftarbetare.", "Opening hours could be longer for shift workers."),
        ("Toivoisin enemmän ulkoilua talvella.", "Jag önskar mer utevistelse på vintern.", "I would like more time outdoors in winter."),
        ("Vasu-keskusteluun voisi varata enemmän aikaa.", "Man kunde reservera mer tid för samtalen.", "More time could be set aside for the talks."),
    ),
    (
        ("Työntekijä palasi asiaan niin kuin lupasi.", "Handläggaren återkom som utlovat.", "The social worker came back to us as promised."),
        ("Perhetyöstä on ollut meille paljon apua.", "Familjearbetet har varit till stor hjälp för oss.", "Family work has helped us a lot."),
        ("Minut kohdattiin ihmisenä.", "Jag blev bemött som en människa.", "I was met as a human being."),
        ("Työntekijämme on vaihtunut jo kolmasti.", "Vår handläggare har redan bytts tre gånger.", "Our social worker has changed three times already."),
        ("Päätös oli kirjoitettu vaikeasti.", "Beslutet var svårt skrivet.", "The decision was hard to understand."),
        ("Hakemus oli kadonnut ja jouduin täyttämään sen uudelleen.", "Ansökan hade försvunnit och jag fick fylla i den på nytt.", "The application was lost and I had to fill it in again."),
        ("Neuvontaan pitäisi päästä ilman ajanvarausta.", "Rådgivningen borde vara öppen utan tidsbokning.", "Advice should be available without booking."),
        ("Tulkki pitäisi tilata aina valmiiksi.", "En tolk borde alltid bokas på förhand.", "An interpreter should always be booked in advance."),
        ("Vertaisryhmiä voisi olla myös iltaisin.", "Grupper kunde ordnas också på kvällarna.", "Peer groups could meet in the evenings too."),
    ),
    (
        ("Hakemus täyttyi nopeasti puhelimella.", "Ansökan gick snabbt att fylla i med telefonen.", "The application was quick to fill in on my phone."),
        ("Neuvonnan vastaus oli selkeä.", "Rådgivningens svar var tydligt.", "The answer of the help desk was clear."),
        ("Ilmoitus päätöksestä tuli heti.", "Beskedet om beslutet kom genast.", "The notice of the decision came at once."),
        ("Kirjautuminen kaatui kolme kertaa.", "Inloggningen kraschade tre gånger.", "Signing in failed three times."),
        ("Lomake hukkasi kaiken kirjoittamani.", "Blanketten tappade allt jag skrivit.", "The form lost everything I had written."),
        ("Ruotsinkieliset sivut olivat kesken.", "De svenska sidorna var halvfärdiga.", "The pages in English were unfinished."),
        ("Toivoisin, että keskeneräisen lomakkeen voisi tallentaa.", "Jag önskar att man kunde spara en halvfärdig blankett.", "I wish I could save an unfinished form."),
        ("Hakutoimintoa pitäisi parantaa.", "Sökfunktionen borde förbättras.", "The search should be improved."),
        ("Lapsen asiat voisi nähdä samasta näkymästä.", "Barnets ärenden kunde synas i samma vy.", "It would be good to see my child's matters in the same view."),
    ),
)  # fmt: skip

# How it begins, by mood: praise, complaint, wish.
OPENINGS: Final[tuple[tuple[Phrase, ...], ...]] = (
    (
        ("Kiitos!", "Tack!", "Thank you!"),
        ("Iso kiitos koko väelle.", "Stort tack till hela gänget.", "Many thanks to everybody."),
        ("Olen todella tyytyväinen.", "Jag är verkligen nöjd.", "I am really pleased."),
        ("Kerrankin hyvää palautetta.", "För en gångs skull god respons.", "Good feedback for once."),
        ("", "", ""),
    ),
    (
        ("En voi olla ihmettelemättä.", "Jag kan inte annat än undra.", "I cannot help wondering."),
        ("Olin pettynyt.", "Jag blev besviken.", "I was disappointed."),
        ("Nyt pitää antaa palautetta.", "Nu måste jag ge respons.", "I have to give feedback now."),
        ("Tämä ei ole ensimmäinen kerta.", "Det här är inte första gången.", "This is not the first time."),
        ("", "", ""),
    ),
    (
        ("Ehdotus.", "Ett förslag.", "A suggestion."),
        ("Hei!", "Hej!", "Hello!"),
        ("Muuten hyvä, mutta yksi toive.", "Annars bra, men en önskan.", "All good otherwise, but one wish."),
        ("Pieni parannusidea.", "En liten idé.", "A small idea."),
        ("", "", ""),
    ),
)
CLOSINGS: Final[tuple[tuple[Phrase, ...], ...]] = (
    (
        ("Jatkakaa samaan malliin.", "Fortsätt på samma sätt.", "Keep it up."),
        ("Kiitos koko henkilökunnalle.", "Tack till hela personalen.", "Thanks to all of the staff."),
        ("Tästä jäi hyvä mieli koko päiväksi.", "Det gav en god känsla för hela dagen.", "It made my day."),
        ("", "", ""),
        ("", "", ""),
    ),
    (
        ("Toivottavasti asia korjataan pian.", "Hoppas att saken rättas till snart.", "I hope this is mended soon."),
        ("Odotan vastausta.", "Jag väntar på svar.", "I expect an answer."),
        ("Näin ei voi jatkua.", "Så här kan det inte fortsätta.", "It cannot go on like this."),
        ("Veronmaksajana odotin enemmän.", "Som skattebetalare väntade jag mig mer.", "As a taxpayer I expected more."),
        ("", "", ""),
    ),
    (
        ("Kiitos jo etukäteen.", "Tack på förhand.", "Thank you in advance."),
        ("Moni muukin on puhunut samasta.", "Många andra har talat om samma sak.", "Many others have said the same."),
        ("Mitä mieltä olette?", "Vad tycker ni?", "What do you think?"),
        ("", "", ""),
        ("", "", ""),
    ),
)
VISITED: Final[Phrase] = ("Kävin {day}, paikkana {unit}.", "Jag besökte {unit} {day}.", "I visited {unit} {day}.")
WEEKDAYS: Final[tuple[Phrase, ...]] = (
    ("maanantaina", "på måndagen", "on Monday"),
    ("tiistaina", "på tisdagen", "on Tuesday"),
    ("keskiviikkona", "på onsdagen", "on Wednesday"),
    ("torstaina", "på torsdagen", "on Thursday"),
    ("perjantaina", "på fredagen", "on Friday"),
    ("lauantaina", "på lördagen", "on Saturday"),
    ("sunnuntaina", "på söndagen", "on Sunday"),
)
# Names, telephone numbers and identity codes that people write where they should not.
NAMED: Final[tuple[tuple[Phrase, ...], ...]] = (
    (
        ("Minua palveli {name}.", "Jag betjänades av {name}.", "I was served by {name}."),
        (
            "Erityisesti {name} ansaitsee kiitoksen.",
            "Särskilt {name} förtjänar ett tack.",
            "{name} deserves special thanks.",
        ),
        ("Terveisin {name}", "Hälsningar {name}", "Regards, {name}"),
    ),
    (
        ("Asiaani hoiti {name}.", "Mitt ärende sköttes av {name}.", "My case was handled by {name}."),
        ("Paikalla oli vain {name}.", "På plats fanns bara {name}.", "Only {name} was there."),
        ("Terveisin {name}", "Hälsningar {name}", "Regards, {name}"),
    ),
    (
        ("Asiasta tietää myös {name}.", "Om saken vet också {name}.", "{name} knows about this too."),
        ("t. {name}", "mvh {name}", "Best, {name}"),
        ("Terveisin {name}", "Hälsningar {name}", "Regards, {name}"),
    ),
)
CALL_ME: Final[tuple[Phrase, ...]] = (
    ("Soittakaa numeroon {phone}.", "Ring mig på {phone}.", "Please call {phone}."),
    ("Puh. {phone}", "Tel. {phone}", "Tel. {phone}"),
)
MY_CODE: Final[tuple[Phrase, ...]] = (
    ("Henkilötunnukseni on {code}.", "Min personbeteckning är {code}.", "My identity code is {code}."),
    ("Hetu {code}.", "Personbeteckning {code}.", "ID {code}."),
)
