"""What kind of question a wording is: one table of natural questions on films and other subjects."""

import pytest

from qa.ask.asked.manner import trimmed
from qa.ask.asked.words import Wording
from qa.ask.chat import spelled_out
from qa.ask.wording import wording

KINDS = {
    "value": """
        I was wondering where she spent her childhood, would you know?
        Who directed the film?
        Who is the director?
        Who is in charge of the keys?
        Who is behind the score?
        Who's responsible for the roof?
        Who is Henrik's wife?
        Who was the father of the miller?
        who was mayor in 1990
        who is secretary
        What is the runtime?
        What's the price of a jar, 2022
        What is needed to borrow a book?
        What is it made of?
        What does the kiosk not sell?
        What does a day ticket cost?
        Which boat carries the mail?
        Which bus stops at the mill?
        What was the quarrel about?
        What was she angry about?
        When was it released?
        When will the shop be open again?
        On which day is the practice not open?
        Where does the ferry land?
        How long is the film?
        How many minutes does it last?
        How many gallons does the tank hold?
        How much does it cost in euros?
        How old was she when the war ended?
        Is the mute LED red or green?
        Does the boat leave from pier one or pier two?
        running time
        distributor?
        metacritic score
        WHO COMPOSED THE MUSIC
        Hello! Might I ask who produced this film? Many thanks.
        could you tell me please where she settled in the end
        Do you happen to know when the bakery opens?
        I would like to know how tall the lighthouse is.
        Name the director.
        What does the critics' consensus say?
        Who is feeding the goats?
        name of the person who runs the kiosk
        How are Ivo and Tilda related?
        Who sang and played the lead?
        Which dress did the princess wear?
        What process is used to dry the clay?
        What is the name of the dog?
        My train is late. Where do I get a taxi?
        What is the list price of the lamp?
        What colour are the cabins painted?
        The man who sold the mill, where did he move?
        When the flood came, where did the people go?
        Does the interview say who made it?
        What the figures add to the story?
        What was the fee, by any chance?
        What stands on the quay today?
        what Ana thinks clay and iron have in common
        Which boat is the letter about?
        The miller, what is he doing in the play?
    """,
    "definition": """
        Who is Vann?
        Who is Rithy Panh?
        Who was Dr James Douglas?
        who is jean-baptiste phou
        Who are the Khmer Rouge?
        What is a haar?
        What is the Blue Ledger?
        What is an escapement, please?
        What is SARIMA?
        what is tempeh
        What does ALC stand for?
        What does the F over a run mean?
        VCR stands for what?
        What is meant by pre-need?
        What is the meaning of "ysgubor"?
        Define dead ring
        Tell me about Dith Pran
        Ysgubor - meaning?
        dead ring - what's that
        Who or what is Tante Asta?
        tin horse what's that
        Ana Ruiz? Who is she?
        What exactly is the Blue Ledger?
        who's this Taft guy
        pol pot who's that
        who ana ruiz is
        Who is this Ana Ruiz?
        Ana Ruiz, who is this woman?
        Ana Ruiz, what is she doing in this play?
        Ana Ruiz: what does she do?
        What even is the Blue Ledger?
    """,
    "list": """
        What was it nominated for?
        What were her earlier books about?
        Who are the nurses?
        Who were the sponsors?
        List all the awards
        Please list the keepers of the lights.
        Full crew list with jobs please (cook, mate, whoever there is)
        complete cast & crew list
        the whole team behind the play, with jobs
        cast and crew with roles
        everything the mill won, please
        the boats of the museum, quick list
        Name everybody who works at the practice
        Name the two people who cut the film together.
        Name the languages into which it was translated.
        Which awards did the film take?
        Which films were shown on Friday?
        What wooden boats are for hire?
        What countries does the production come from?
        On which days is the library closed?
        What are the opening hours of the pool?
        Which of the numbered beans are climbers?
        What kinds of material are blended on screen?
        What else can I hire?
        Give me all the prices.
        Who all sings on the record?
        Which people spoke at the meeting?
        Can you list everyone who wrote or edited it?
        Which institutions were founded, and by whom?
        Besides eleven houses, what buildings did the sea take?
        What are its side effects?
        Which fish are sold?
        What awards was it nominated for?
        any awards?
        Who worked on the film?
        full credits
        every person who rowed
        all awards and nominations please
        what happened to the boats, give me a list
    """,
    "count": """
        How many Oscars did it win?
        How many nurses are there?
        how many people narrate the film
        From how many critics is the score?
        How many steps are there to the top?
        What is the number of members?
        count the boats that sank
    """,
    "superlative": """
        Which observatory had the most visitors?
        Which hut is the oldest?
        Who keeps the observatory with the largest mirror?
        What is the most expensive fare?
        Which train departs first?
        What is the cheapest room?
        Where is the deepest lock?
        Which was the latest edition?
        Who ran the fastest lap?
    """,
    "yes_no": """
        Is the practice open on Saturdays?
        Are dogs allowed on the meadow?
        May I bring glass bottles?
        Does the house still exist?
        Did the film win at Cannes?
        Is the film in French?
        Isn't the lake watched in winter?
        Can I pay by card?
        Can you swim in the harbour?
        Has anyone swum across?
        Was it all right for Anselm to ride home?
        Every pitch has a socket, hasn't it?
        Somebody wants to leave early; is that possible without a note?
        Do you know if the museum has a lift?
        Is it true that the mill burned down?
        On a July night, may a car still be driven in?
        Would they mind more or less salt?
        any fridge in cabin 4?
        so the mill still stands right
        the film is in French?
        he is still alive?
        is it in colour or not?
        black and white film or no
        Ana mended it herself y/n
        Does the review say that the film is long?
        did any of his brothers or sisters row?
        it's longer than two hours isn't it
        The film isn't rated, is it?
    """,
    "reason": """
        Why was the film made with clay?
        How come the concert was moved?
        For what reason did he leave?
        What's the reason for the delay?
        What made her sell the boat?
        How did they get across the river?
        How do I get a refund?
        What is the stove for?
        By what means can one pay?
        Explain why the bridge was closed.
        How does Ana compare clay to iron?
        Could you please tell me, in a few sentences, why it was sold?
    """,
    "overview": """
        Did critics like it?
        How did critics react?
        What are the strengths and the weaknesses?
        Tell me everything known about the keeper
        What exactly is it about? I arrived late and missed the beginning
        I only caught the second half. What's the whole thing about?
        Which themes of the play could I discuss with my pupils?
        no time to read the letter. main points?
        Please condense what the keeper says in the letter.
        Name three facts about the film.
        What is the film about?
        What's this about?
        What are they about?
        give me an overview of what critics thought of the film
        What is The Missing Picture about?
        What do these documents tell about?
        Summarise the interview
        What does the interview with the keeper say?
        summarize both documents please
        Give me the gist of the forest essay
        tl;dr of the review
        What are the main points?
        Tell me briefly what each text says
        What happens in the film?
        Can you give me an overview of the report?
        Describe the film
        Tell me about the documentary
        What can you tell me about this film?
        Tell me more about the figurines
        What do we know about the ferry?
        List all sources
        What documents do you have?
        Which sources are there?
        Give me 3 quotes about memory
        Please write me a summary in three sentences
        What's on the database page, in short?
        plot
        tell me her life story in a nutshell
        overview of how the film was received
        What's it even about??
        What's this film about, one line
        In one sentence, what is the play about?
        tell me in simple words what it is about before I sit down to it
        My aunt told me of this play, could you tell me in simple words what it is about?
        Which big themes of the film could I teach?
        can you resume for me the interview with the keeper?
        Make me a résumé of the letter
        Did the reviewer like it?
        Was the critic positive about the play?
        What did the man who reviewed it think, in short?
        what is TomReed's verdict
    """,
    "comparison": """
        Who made them, according to each of the three texts?
        Compare the admission of the museum and the archive
        Which is older, the town museum or the little theatre?
        Who is taller, Ana or Bo?
        What do the article and the interview say about the clay?
        Do the sources agree on the release date?
        How do the two documents differ in their view of the lynx?
        What is the difference between the red ticket and the blue ticket?
        Compare what the Gazette and the interview say about the reopening
        Where do the two reports contradict each other?
        How do the article and the interview differ?
        Who made the figures? The documents seem to say different things
        article vs database: same narrator or not?
        Why is the date in the article different from the one on the poster?
        The report says 85, what do the other documents say?
        What do the article and the letter each say about the mill?
        which got the better score, Tin Plates or Norland?
        the article says 86th awards but the review says 85th?? which one is it
        im confused, do the letter and the report say the same thing about who paid for the roof?
        What do Tom Reed and the harbour critics each think of the play?
        age of the mill: poster vs guide, same?
        Is there any disagreement between your sources about which prize it won?
        I have two dates written down for when the mill burnt. Do your papers give the same one?
        The poster says it opened in 1911. Do the other documents say the same?
        did the miller carve the stairs himself or someone else? what does the letter say vs the guide
        Who rang the bell? What do the letter and the guide say?
        Compare who the letter names as the keeper and whose lamp the guide thinks it is.
        What is different between the guide and the letter when they explain what the bell is for?
        What does the letter say about the fire and does the guide agree?
        Does the letter contradict the guide about the fire?
        Are the letter and the guide at odds over the price?
        Do the letter and the guide see eye to eye on the fire?
        Are the prices the same in both leaflets?
        The letter says it burnt in 1911. Does the guide say the same?
        who rings the bell? one says Ana, another says Bo, which is it
        is it the 12th or 13th cup? I've read both
        The letter says 12th cup, is that what the guide says too?
        Who rang it, according to the letter and according to the guide? Same person?
        does the guide tell it otherwise than the letter about who found the cave
        Do Ana and Bo tell the same tale about the fire?
    """,
    "several": """
        Who directed it and who composed the music?
        Who founded the museum, and who founded the archive?
        When and where was she born?
        What was the first play? And where does the museum stand?
        When did it open, who built it and what did it cost?
        When did it open and why?
        Is it closed on Sundays and is there parking?
        Who are the director and the composer?
        Tell me the year it was built, the year it burned and the year it was sold.
        Tell me where he was born and when he died.
        Who was the cook? And the captain?
        USA release? rating? countries?
        release date, running time and language of the film
        Metacritic score + number of critics
    """,
}
TABLE = [(line.strip(), kind) for kind, lines in KINDS.items() for line in lines.strip().splitlines()]


def test_the_table_is_large() -> None:
    assert len(TABLE) >= 120
    assert len({question for question, _ in TABLE}) == len(TABLE)


@pytest.mark.parametrize(("question", "kind"), TABLE)
def test_kind(question: str, kind: str) -> None:
    assert wording(question).kind == kind


@pytest.mark.parametrize(
    ("question", "wants"),
    [
        ("Who directed the film?", "person"),
        ("When was it released?", "date"),
        ("In which year did it burn?", "date"),
        ("Where does the ferry land?", "place"),
        ("Which town has the mill?", "place"),
        ("How old is the bridge?", "number"),
        ("What is the runtime?", "number"),
        ("How many nurses are there?", "number"),
        ("What is the name of the dog?", "name"),
        ("What does the kiosk sell?", None),
    ],
)
def test_what_is_wanted(question: str, wants: str | None) -> None:
    assert wording(question).wants == wants


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            "list what the critic praised and what she didn't like",
            {"kind": "overview", "subject": "what reviewers think", "source": "the critic"},
        ),
        (
            "What did the reviewer love, what annoyed him?",
            {"kind": "overview", "subject": "what reviewers think", "source": "the reviewer"},
        ),
        (
            "On what grounds does the critic find fault with the scenery?",
            {"kind": "overview", "subject": "what is wrong with it", "source": "the critic"},
        ),
        (
            "why does the guy moan about the organ",
            {"kind": "overview", "subject": "what is wrong with it", "source": "the guy"},
        ),
        (
            "What is TomReed's problem with the organ?",
            {"kind": "overview", "subject": "what is wrong with it", "source": "TomReed"},
        ),
        ("Why did the miller complain about the geese?", {"kind": "reason"}),
        ("Who was Dr James Douglas?", {"subject": "Dr James Douglas"}),
        ("What is meant by pre-need?", {"subject": "pre-need"}),
        ("What does the letter F mean?", {"subject": "F"}),
        ("How many user reviews does the film have?", {"subject": "user reviews"}),
        ("List all the keepers", {"subject": "keepers"}),
        ("How long is the Marigold in feet?", {"unit": "feet"}),
        ("How fast is it in kilometres an hour?", {"unit": "kilometres an hour"}),
        ("How many gallons does the tank hold?", {"unit": "gallons"}),
        ("How long is it?", {"unit": ""}),
        ("According to the interview, when did it open?", {"source": "the interview", "core": "when did it open?"}),
        (
            "How many seats are there, going by the report?",
            {"source": "the report", "core": "How many seats are there?"},
        ),
        ("What does the Gazette say about when it opened?", {"source": "the Gazette", "core": "when it opened?"}),
        (
            "What does the interview say stands there now?",
            {"source": "the interview", "core": "What stands there now?"},
        ),
        ("In the interview, when was it carved?", {"source": "the interview", "core": "when was it carved?"}),
        ("In winter, when is it open?", {"source": ""}),
        ("according to imdb how many reviews are there", {"source": "imdb", "core": "how many reviews are there"}),
        (
            "The letter and the talk: do they credit the same person with building the mill?",
            {
                "kind": "comparison",
                "sides": ("The letter", "the talk"),
                "subject": "who is credited with building the mill",
            },
        ),
        ("who made this film then", {"core": "who directed this film then"}),
        ("Kindly enumerate the mills", {"kind": "list", "core": "enumerate the mills"}),
        ("summarise the main points of the letter for me", {"source": "the letter"}),
        ("everybody who gets a writing credit", {"core": "everybody who wrote it"}),
        ("who was behind the camera?", {"core": "who did the camera?"}),
        ("Why does the bark of the oaks differ from this one?", {"kind": "reason"}),
        ("Was she in Holm when she gave that interview?", {"source": ""}),
        ("is the miller here, yes or no", {"kind": "yes_no", "core": "is the miller here?"}),
        ("Did it win the cup, or only a nod?", {"kind": "yes_no"}),
        ("Where did Ana give the interview?", {"source": ""}),
        ("Only from the encyclopedia: which prizes?", {"source": "the encyclopedia", "core": "which prizes?"}),
        ("In the report alone, who is blamed?", {"source": "the report", "core": "who is blamed?"}),
        ("Summarise the report in three sentences", {"source": "the report"}),
        ("Write a summary in three sentences", {"source": ""}),
        ("Who's Ana Ruiz and what did she do?", {"kind": "definition", "subject": "Ana Ruiz"}),
        (
            "Do the article and the talk agree on the price?",
            {"subject": "the price", "sides": ("the article", "the talk")},
        ),
        ("Give me the gist of the forest essay", {"source": "the forest essay"}),
        ("What is the film about?", {"source": "the film"}),
        (
            "Compare the admission of the museum and the archive",
            {"subject": "the admission", "sides": ("the museum", "the archive")},
        ),
        (
            "What do the article and the interview say about the clay?",
            {"subject": "the clay", "sides": ("the article", "the interview")},
        ),
        ("Which is older, the museum or the theatre?", {"sides": ("the museum", "the theatre")}),
        ("Hey there, who made it?", {"core": "who made it?"}),
        ("it's longer than two hours isn't it", {"core": "is it longer than two hours?"}),
        ("so the house she grew up in is still there right", {"core": "is the house she grew up in still there?"}),
        ("Ana's parents didn't move, did they?", {"core": "did Ana's parents move?"}),
        ("Sum up the letter for me in a couple of sentences", {"source": "the letter"}),
        ("What was it rated, like PG or R or what", {"core": "What was it rated"}),
        ("I was wondering where she lived, would you know?", {"core": "where she lived?"}),
        ("Does the interview say who made it?", {"source": "the interview", "core": "who made it?"}),
        ("Does the letter give the baker's name?", {"source": ""}),
        (
            "Who made it? The documents seem to say different things",
            {"subject": "Who made it", "core": "Who made it?"},
        ),
        (
            "Why is the date in the article different from the one on the poster?",
            {"subject": "the date", "sides": ("the article", "the poster")},
        ),
        ("Do Ana and Bo have the same teacher?", {"kind": "yes_no"}),
        ("Does the keeper agree that nobody pays?", {"kind": "yes_no"}),
        ("What does the reviewer compare the thin paper to?", {"kind": "value"}),
        ("What does the reviewer hold against the voice?", {"kind": "value"}),
        ("Are the prices the same in both leaflets?", {"subject": "the prices", "sides": ()}),
        ("The letter says 12th cup. Does the guide say the same?", {"subject": "which cup"}),
        ("who rings the bell? one says Ana, another says Bo, which is it", {"subject": "who rings the bell"}),
        ("How many beds does the guide give?", {"kind": "count", "source": "the guide"}),
        (
            "Do the guide and the letter give the same date for the fire?",
            {"subject": "the date of the fire", "sides": ("the guide", "the letter")},
        ),
        ("price of a berth: guide vs letter, same?", {"subject": "price of a berth", "sides": ("guide", "letter")}),
        ("Do my sources agree on which year, 1901 or 1902, it burnt?", {"subject": "which year it burnt"}),
        ("I noted two dates for when it burnt. Do your papers give the same one?", {"subject": "when it burnt"}),
        ("I have two names for the keeper. Do the documents agree?", {"subject": "the name of the keeper"}),
        (
            "did he carve the stairs himself or someone else? what does the letter say vs the guide",
            {"subject": "who carved, made or built the stairs", "sides": ("the letter", "the guide")},
        ),
        (
            "Compare who the Gazette credits with the song and whose voice the letter thinks it is.",
            {"sides": ("the Gazette", "the letter"), "parts": ("who is credited with the song?", "whose voice it is?")},
        ),
        (
            "Compare what the guide says about the fire with what the letter says about it",
            {"sides": ("the guide", "the letter"), "parts": ("the fire", "the fire")},
        ),
        (
            "do the critics and the guide feel the same way about it",
            {"subject": "what they think of it", "sides": ("the critics", "the guide")},
        ),
        ("What do Ana and Bo each think of the bell?", {"subject": "the bell", "sides": ("Ana", "Bo")}),
        (
            "Who carved the gulls according to the letter, and who according to the talk?",
            {"subject": "Who carved, made or built the gulls", "sides": ("the letter", "the talk")},
        ),
        (
            "what does the guide give for when it opened, and what does the letter give?",
            {"subject": "when it opened", "sides": ("the guide", "the letter")},
        ),
        (
            "who rang it, Ana or Bo? seems to me as if the papers contradict each other",
            {"kind": "comparison", "subject": "who rang it"},
        ),
        ("Do the pages agree on whether the keeper rings the bell herself?", {"subject": "who rings the bell"}),
        ("What, by the keeper's account, was stolen?", {"source": "the keeper", "core": "What was stolen?"}),
        (
            "In the letter, what age do they give for the miller at that time?",
            {"source": "the letter", "core": "what is the age of the miller?"},
        ),
        ("the guide boasts of its beds, how many are there", {"source": "the guide", "kind": "count"}),
        ("how much did they sell in the states that year", {"source": ""}),
        ("does the letter say it was sold in May?", {"source": "the letter", "kind": "yes_no"}),
        ("what did the reviewer love", {"kind": "overview", "source": "the reviewer"}),
        ("what bugged the critic", {"kind": "overview", "source": "the critic"}),
        ("article vs database: same narrator or not?", {"subject": "narrator", "sides": ("article", "database")}),
        ("Could you please tell me where it stands?", {"core": "where it stands?"}),
        ("Can you tell me what this film is about?", {"kind": "overview", "core": "what is this film about?"}),
        ("How many reviews does it have on IMDb?", {"source": "IMDb", "core": "How many reviews does it have?"}),
        ("What does the IMDb reviewer miss?", {"source": "the reviewer", "core": "What does the reviewer miss?"}),
        ("Is it on IMDb?", {"source": "", "kind": "yes_no"}),
        ("What did the user review say overall?", {"kind": "overview", "source": "the user review"}),
        ("What did the critic think of the film?", {"kind": "overview", "source": "the critic"}),
        ("give me a rundown of how well the film was received", {"kind": "overview"}),
        ("Which prize was it? I see different names", {"kind": "comparison", "core": "Which prize was it?"}),
        ("What didn't the reviewer like?", {"kind": "overview", "source": "the reviewer"}),
        ("What does Wikipedia say about how it was received?", {"kind": "overview", "source": "Wikipedia"}),
        ("Give me the gist of that user review on IMDb", {"kind": "overview", "source": "that user review"}),
        ("What did the critics' consensus say on Rotten Tomatoes?", {"source": ""}),
        ("How was the book received?", {"kind": "overview", "subject": "how the book was received"}),
        ("Please sum up the letter in a few sentences that I can read out to the class.", {"source": "the letter"}),
        ("Gist of the port's page in a few lines, I don't have time to read it all", {"source": "the port's page"}),
        ("For a programme note: what are the main points of the letter on this one?", {"source": "the letter"}),
        ("Can you condense the leaflet into two sentences for my homework?", {"source": "the leaflet"}),
        ("tl;dr of the letter", {"source": "the letter"}),
        ("Give me the gist of that long user review on IMDb", {"source": "that long user review"}),
        ("Which big themes of the book could I build a lesson around?", {"source": "the book"}),
        ("tell me who ana ruiz is", {"kind": "definition", "subject": "ana ruiz"}),
        ("Who's Ana Ruiz then?", {"kind": "definition", "subject": "Ana Ruiz"}),
        ("Ana Ruiz, what is she doing in this play?", {"kind": "definition", "subject": "Ana Ruiz"}),
        ("What did TomReed think of the play?", {"kind": "overview", "source": "TomReed"}),
    ],
)
def test_what_is_named(question: str, expected: dict[str, object]) -> None:
    found = wording(question)
    assert {name: getattr(found, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Who directed it and who composed the music?", ("Who directed it?", "who composed the music?")),
        ("When and where was she born?", ("When was she born?", "where was she born?")),
        (
            "When did it open, who built it and what did it cost?",
            ("When did it open?", "who built it?", "what did it cost?"),
        ),
        ("What was the first play? And where is the hall?", ("What was the first play?", "where is the hall?")),
        (
            "Who are the director and the composer of the film?",
            ("Who is the director of the film?", "Who is the composer of the film?"),
        ),
        (
            "According to the interview, who sang and when was it recorded?",
            ("According to the interview, who sang?", "According to the interview, when was it recorded?"),
        ),
        ("When was it shown in Holm? And in Vik?", ("When was it shown in Holm?", "And in Vik?")),
        ("Who wrote it and what did she win?", ("Who wrote it?", "what did she win?")),
        ("Which prizes did it win, and from whom?", ()),
        (
            "Who led it, between which years did it run and how did it end?",
            ("Who led it?", "between which years did it run?", "how did it end?"),
        ),
        (
            "Who ran it, and between what years was it open?",
            ("Who ran it?", "between what years was it open?"),
        ),
        ("Where is it and did anybody see it?", ("Where is it?", "did anybody see it?")),
        (
            "They praise its size, how many rooms and how many beds does it have",
            ("how many rooms does it have?", "how many beds does it have?"),
        ),
        ("Who built it and in what year it was sold?", ("Who built it?", "in what year was it sold?")),
        (
            "What's the name of the man who wrote it and when did he post it?",
            ("who wrote it?", "when was it posted?"),
        ),
        (
            "Do the letter and the talk agree on who rang it and when it burnt?",
            ("Do the letter and the talk agree on who rang it?", "Do the letter and the talk agree on when it burnt?"),
        ),
        ("When was it sung and where?", ("When was it sung?", "Where was it sung?")),
        ("Who sang it, and why?", ("Who sang it?", "Why? (Who sang it)")),
        ("Who is the man who lived here and who sold it?", ()),
        ("What do fish and birds eat?", ()),
        ("My son is ill. Will you want a note?", ()),
        ("Salt and pepper, what do they cost?", ()),
        ("bread, milk and egg prices", ()),
        (
            "I need: the name of the mill, how old it is, and the town",
            ("What is the name of the mill?", "how old it is?", "What is the town?"),
        ),
        (
            "Two things for the leaflet: who built it, and who sold it?",
            ("who built it?", "who sold it?"),
        ),
        ("USA release? rating? countries?", ("USA release?", "rating?", "countries?")),
    ],
)
def test_parts(question: str, parts: tuple[str, ...]) -> None:
    assert wording(question).parts == parts


@pytest.mark.parametrize(
    ("question", "core"),
    [
        ("My son has a project on this, who built the mill?", "who built the mill?"),
        ("Tell me what kind of mill it is", "what kind of mill is it?"),
        ("sorry for the dumb question but what is a quern", "what is a quern"),
        ("I'm preparing a talk: which mills are left?", "which mills are left?"),
        ("just out of the museum - whose boat is that?", "whose boat is that?"),
        ("For a leaflet: what does the ferry cost?", "what does the ferry cost?"),
        (
            "I am writing a guide and would like to confirm in which year it burnt, if you have it.",
            "in which year it burnt",
        ),
        (
            "I am printing it tomorrow and want it right, so could you tell me who the miller was?",
            "who was the miller?",
        ),
        ("When did the mill burn? I thought it was in spring", "When did the mill burn?"),
        ("is the ferry free? ive got no money left", "is the ferry free?"),
        ("who is Ana Vey, id never heard of her until tonight", "who is Ana Vey"),
        ("when does it open, deadline in 10 minutes", "when does it open"),
        ("how on earth did the mill burn?", "how did the mill burn?"),
        ("What does the wheel turn that I can show to my class?", "What does the wheel turn?"),
        ("Tell me in plain words what a quern is", "what is a quern?"),
        ("Could I have the names of all the millers?", "the names of all the millers?"),
        ("Make me a list of the mills, please", "a list of the mills"),
        ("there's a lovely boat in it, what's it called", "what's the lovely boat in it called?"),
        ("the wheel turns, right? what turns it", "what turns it"),
        ("My aunt swears that it burnt down. True?", "is it true that it burnt down?"),
        ("This Ana Vey, never heard of her. Who is she?", "Who is Ana Vey?"),
        ("Ana Vey - who was she exactly?", "who was Ana Vey?"),
        ("What themes did the painter take on, say two or three?", "What themes did the painter take on?"),
        ("I should like a list of every mill, if it is no trouble.", "a list of every mill"),
        ("I'm writing a leaflet and would like every mill you can find.", "every mill"),
        ("Would you be so kind as to list the mills, for the leaflet?", "list the mills?"),
        ("In two sentences, what is a quern?", "what is a quern?"),
        ("haven't read it, what's it about??", "what's it about??"),
        # What the question rests on stays.
        ("I have a question about the mill, which is old", "I have a question about the mill, which is old"),
        ("The mill is open. When does the ferry go?", "When does the ferry go?"),
        ("Is there a toll, and if so what is it?", "what is the toll?"),
        ("Under which flag does she sail, if any?", "Under which flag does she sail?"),
        ("Who was the man in charge behind the camera?", "Who was the director?"),
    ],
)
def test_what_stands_around_a_question_is_taken_away(question: str, core: str) -> None:
    assert wording(spelled_out(question)).core == core


def test_what_was_heard_is_still_searched_for() -> None:
    assert (
        trimmed("I have read of a fire in the mill. When was it?") == "I have read of a fire in the mill. When was it?"
    )
    assert trimmed("I love mills. When did it burn?") == "When did it burn?"
    assert trimmed("When did it burn? I mean the year for my form.") == "When did it burn?"


def test_nothing_asked_is_a_value() -> None:
    assert wording("?!") == Wording("?!")


def test_a_compound_has_few_parts_and_none_twice() -> None:
    asked = "Who wrote it? When was it built? "
    assert wording(asked * 30).parts == wording(asked).parts
    assert wording(" ".join(f"Who built house {number}?" for number in range(30))).kind != "several"


@pytest.mark.parametrize("sign", [")", "(", "[", "*", "\\", "+?"])
def test_signs_of_patterns_in_a_question_are_only_signs(sign: str) -> None:
    assert wording(f"Who sang the song, and who{sign} danced, and where{sign} was it?").core
