"""How surprising it is that two texts share a word, in bits, judged without a corpus.

Invariant: the bits of a shared passage are the sum of its words'. Ordinary words, and those that
every statistical bulletin has (English, Welsh, French, German, Spanish, Dutch), say little; long words and numbers say more. The figures are rough
logarithms of how seldom such words follow what stands before them (an English text has 1 to 2 bits
a letter: Shannon 1951, "Prediction and Entropy of Printed English"), so that a sentence and a half
of any bulletin's own words reaches what `Threshold` asks for and a common one does not.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gateway.detect.material.shingles import Words, flattened, words

_GENERAL = """
about above according across after again against ahead all almost along already also although always
among another any anyone area areas around asked available away back based because been before being
below best better between both bring business call came can cannot case cases change changes clear come
coming complete considered contact could country course current currently date days dear department
different does doing done down during each early either email enough even every example expected fact
find first following follow forward found four free from full further general give given going good
great group groups half hand happy have having help here high higher hope however important include
included includes including information into issue issues just keep kind know known large larger last
late later least less letter level levels like likely line list little local long longer look looking
lower made main make making many matter mean means meeting might month months more morning most much
must national near need needed never next note number numbers office often only open order other others
over overall page part particular past people period place plan please point possible present press
previous problem provide provided public question range read reason regards remain remained report
reported reports request required respect response result results review right said same section see
seen send service services several should show showed shown shows similar simply since small some soon
state still such support sure take taken team tell than thank thanks that their them then there these
they thing think this those three through time times today together tomorrow total towards under until
upon used using usual very visit want week weeks well were what when where whether which while whole
will wish with within without work working would write year years yesterday your yours
"""
_STATISTICAL = """
accounted accounting accurate adjusted adjustment adult adults aged ages agency annual april august
authorities authority average base basis bulletin calculated category categories census change changed
children collected collection compared comparison comparisons compendium confidence consistent corresponding
count counts coverage data december decline declined decrease decreased definition definitions detail
detailed details dissemination district drop earlier ended ending england estimate estimated estimates
excludes excluding february fell figure figures final financial findings from headline households
increase increased increases indicate indicates index indicator interval intervals january july june
known latest lowest highest march marginally measure measured measures method methodology methods minister
missing monthly national northern ireland scotland wales kingdom united britain england welsh scottish november
october official percent percentage percentages points population prior proportion provisional publication
publications publish published quality quarter quarterly rate rates ratio recent recorded records
reduced reduction reference refer region regional regions regulation related release released releases
represents representing respectively respondents returns revised revision revisions rise risen rising rose
rounded rounding sample seasonal seasonally september series share slight slightly source sources
standard statistic statistical statistics subject summary suppressed survey surveys table tables term
thousand trend trends unadjusted unchanged unknown user users value values variation website
million billion number period year cent
"""
_ELSEWHERE = """
roedd mae'r bod hefyd wedi gyda rhwng flwyddyn blwyddyn blynyddoedd chwarter nifer canran cynnydd gostyngiad
ystadegau ffigurau cyfnod cymru lloegr cymharu cyhoeddi cyhoeddwyd data ebrill mawrth mehefin rhagfyr hynny
yn ystod oherwydd llywodraeth gyfer dros hyn hwn hwnnw unrhyw gall bydd
dans pour avec sont cette plus annee annees trimestre nombre taux baisse hausse rapport statistiques donnees
publication publiees entre depuis selon environ mois janvier fevrier mars avril juin juillet aout septembre
octobre novembre decembre leur leurs ainsi comme tout tous toutes meme etait etaient ete
oder nicht eine einer einem einen sind wird werden wurde wurden auch nach beim durch gegenuber jahr jahre
jahren quartal monat zahl anteil prozent statistik statistiken anstieg ruckgang angaben januar februar marz
april juni juli september oktober dezember haben hatte mehr sich uber unter sowie dass
para como este esta entre desde hasta sobre durante respecto trimestre numero tasa aumento datos estadisticas
enero febrero abril mayo junio julio agosto septiembre octubre noviembre diciembre millones
voor naar deze zijn wordt werden tussen jaar jaren kwartaal maand aantal procent cijfers statistiek stijging
daling gegevens januari februari maart juni juli augustus oktober door over meer niet
"""


def _hashes(text: str) -> NDArray[np.uint64]:
    found = [piece.hashes for piece in words(flattened(text))]
    hashes = np.unique(np.concatenate(found))
    hashes.setflags(write=False)
    return hashes


_ORDINARY = _hashes(_GENERAL + _STATISTICAL + _ELSEWHERE)
_OF_ORDINARY = 2.4
_OF_LETTERS = np.array([0, 2.4, 2.4, 2.4, 4, 4.8, 5.6, 6.4, 7.2, 8.0, 8.8])
_OF_DIGITS = np.array([0, 2.4, 4, 8, 4, 14, 16, 16, 16, 16, 16])
"""By the number of digits. Of four it may be a year."""
_OF_SIGN = 3.2
_TWO, _NINE = ord("2"), ord("9")


def bits_of(piece: Words) -> NDArray[np.float64]:
    """The bits of each word."""
    lengths = np.minimum(piece.lengths, 10)
    bits = _OF_LETTERS[lengths]
    at = np.minimum(np.searchsorted(_ORDINARY, piece.hashes), len(_ORDINARY) - 1)
    bits[_ORDINARY[at] == piece.hashes] = _OF_ORDINARY
    numbers = piece.initials <= _NINE
    bits[numbers] = _OF_DIGITS[lengths[numbers]]
    bits[numbers & (piece.lengths == 4) & (piece.initials > _TWO)] = 10
    foreign = piece.initials > 127  # two or three bytes a letter
    bits[foreign] = np.where(
        lengths[foreign] < 4, _OF_SIGN, _OF_LETTERS[(lengths[foreign] + 1) // 2]
    )
    return bits


def is_number(piece: Words) -> NDArray[np.bool_]:
    """Which words are numbers."""
    return piece.initials <= _NINE
