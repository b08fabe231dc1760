"""Words that are no subject matter. Data only.

A question is answered from the roadmap only if every word of it is accounted for: a name, a week, a cue, or a
plain word. What is left over is subject matter ("overfitting"), which the roadmap's cells do not explain.
"""

from __future__ import annotations

PLAIN = frozenset(
    """
    belong belongs miss missed missing left remain remains remaining a able about above actual actually add after
    afterwards again ahead all almost along already alright also although always am among an and another any anybody
    anyone anything anyway apart appear appears approximately are area around as aside ask at available away back
    basically be because been before begin beginner beginning begins being below best better between big bit both
    briefly but by call called can cannot cant can't catch check chosen clear clearly close come comes coming common
    complete completely concretely consider contain contains content contents could couple course courses cover covered
    covers current currently curriculum curious daily day days deal deals dealing dealt dear definitely describe
    described description detail detailed details did didn't different direct directly discuss discussed do does doesn't
    doing done don't dont down due during each early eh either else end ends enough entire especially etc even ever
    every everything exactly expect expected explain fair far few find finds finding fine finish finished finishing
    first follow following for found friend from full further gave general generally get gets getting give given gives
    go goal goals goes going gonna good got great guess guide guys had half handle happen happening happens has have
    having he hello help helpful her here hey hi him his hold hour hours how however hows how's i i'd i'll i'm im i've
    if in include included includes including indicate info information inside instead interested into introduced
    introduces involve involved is isn't it its it's itself job join journey just keep kind kindly knew know known lady
    last later latest learn learned learner learners learning learnt least let lets let's like list listed lists
    literally little long look looking looks lot made main mainly make makes many mark material materials may maybe meet
    meets me mean means mention mentioned mentions mid middle mine minute moment month months more morning most move
    moving much must my myself name named names near need needed needs never new next nice no none normally not note
    notes nothing now number of off ok okay old on once one ones only onto or order other others ought our out outline
    over overall overview own page part particular parts people per perhaps person place places plan planned planning
    plans please pls plz point possible present previous probably proceed program programme progress provide put quick
    quickly quite rather reach reached read reading ready real really recommended reference regarding related remember
    remind repeat resource resources rest right roadmap roughly round row rows said same say says schedule scheduled
    section sections see seem seems series set several shall she short should shouldn't show shows similar simply since
    sir so some somebody someone something soon sorry sort source sources specific specifically spend stage start
    started starting starts state stated states step steps still stop strictly student study studying stuff subject such
    suggest suggested suggestion suggestions suitable summarise summarize summary supposed sure syllabus table tackle
    take takes taking talk talks task teach tell than thank thanks that that's thats the their them then there theres
    there's these they they're thing things think this those though through throughout till time times title to today
    together told tomorrow tonight too took totally topic topics toward towards track training treat treated tried try
    trying turn two type under until up upcoming upon us use used useful user uses using usually very via video videos
    view wanna want wanted wants was watch way ways we week weekly weeks well went were what whats what's when whenever
    where wheres where's whereas whether which while who whole whom whose who's why will with within without won't
    wondering word words work working works would write writing wrong year years yes yesterday yet you your yours
    yourself ya yo bro hmm um uh gotta lemme gimme dude mate phase phases block blocks semana woche semaine book books
    trainings class classes specialization specialisation bootcamp workload homework deliverable deliverables milestone
    milestones agenda todo to-do items item checklist focus focused concentrate practise practice practical busy behind
    stuck skip skipped enrolled halfway midway timeline period reminder stand standing study-plan exact brief sweet
    lectures pick picked choose choosing option options offer offered offers compare compared comparison versus vs
    difference differences differ pros cons worth answer answers question questions wise content-wise thereafter
    beforehand personally w wk wks st nd rd th s d ll re ve t m aim aims cool awesome nah yeah yep suppose target
    targets shape hit hits arrive arrived enter entering entered run running meant intended assigned assignment
    assignments accomplish achieve achieved master spent spending dive jump began happened comprise comprises consist
    play plays consists reserve reserved dedicated budgeted attack approach prepare aren't wasn't weren't hasn't haven't
    anywhere somewhere elsewhere touch touches touched sit sits crop crops pop pops bump handle handles treat treats
    care matter matters surely properly seriously honestly seen spot cent dime mention sense occur occurs
    needn't couldn't wouldn't mustn't neither nor lack lacks lacking non considered rated except excluding
    excluded exclude excludes besides outside nothing zero minus omit omitting avoid avoids avoiding missing prefer
    """.split()
)

FORMATS = frozenset(
    "book bootcamp specialization specialisation class classes course video videos lectures project checkpoint".split()
)
"""Plain words that name a row where there is one of its kind ("the bootcamp")."""

CUE_WORDS = frozenset(
    """
    university universities uni runs speaks weak points demonstrate demonstrates enable enables integrate integrates
    marked rated rating hosted consuming teacher point link links url urls website websites webpage webpages homepage
    site address price prices cost costs costing free paid pay paying payment expensive cheap cheaper cheapest money fee
    fees charge charges subscription buy gratis author authors authored wrote writes written writer teaches teacher
    teachers taught instructor instructors lecturer creator created creates create made makes maker publisher published
    publishes presents hosts platform platforms provider providers pro con advantage advantages disadvantage
    disadvantages upside upsides downside downsides drawback drawbacks weakness weaknesses strength strengths limitation
    limitations caveat caveats benefit benefits positives negatives plus plusses trade-offs tradeoff tradeoffs offs bad
    alternative alternatives alternatively substitute substitutes replace replacement swap prerequisite prerequisites
    requisites requirement requirements require requires required background prior knowledge difficulty difficult
    difficulties hard harder hardest tough tougher toughest easy easier easiest challenge challenging level friendly
    steep complicated demanding simplest hands hands-on coding coders code theory theoretical recommend recommends
    recommendation recommendations mandatory compulsory obligatory optional optionally necessary essential suit suits
    suited role preferred supplemental supplementary primary outcome outcomes skill skills gain objective objectives
    result results takeaways exercise exercises project projects build built implement emphasis emphasize emphasise
    concentrates topics precedes follows longest longer shortest shorter fewest biggest smallest duration checkpoint
    checkpoints setup set-up oriented minded heavy medium high low highly extremely moderate moderately intermediate
    skippable omit leave assumed assume people learner learners book books video videos youtube enroll enrol watch
    download access order minus criticism criticisms problem problems count total amount exist exists tasks mastered
    understand understood perform syllabus structure structured organized organised deliverable deliverables milestone
    milestones master non un kick docs documentation
    """.split()
)
"""Words of the cues above: they are no subject matter, and make no intent by themselves."""
