"""Rows by description: phrases and the rows they mean, sentences about the subject matter that mean none."""

from __future__ import annotations

import json
import time
import tomllib
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from assistant.language.names import description as row_description
from assistant.language.names.description import Match, described
from assistant.language.weeks.reader import clean
from corpus.reader import read_roadmap
from corpus.roadmap import Roadmap

ROADMAP = read_roadmap()
QUESTIONS = Path(__file__).parents[4] / "eval" / "questions"

SETUP = "quick-python-environment-setup"
LINUX = "linux-cli-refresher"
PANDAS = "python-for-data-analysis"
MATHS = "mathematics-for-machine-learning-specialization"
ALGEBRA = "essence-of-linear-algebra-khan-academy-statistics"
DASHBOARD = "build-a-data-pipeline-from-a-sql-database-and-create-dashboard"
GERON = "hands-on-machine-learning-with-scikit-learn-keras-tensorflow"
NG_ML = "andrew-ng-machine-learning-specialization"
FASTAI = "fast-ai-practical-deep-learning-for-coders"
DL_9 = "coursera-deep-learning-specialization"
KARPATHY = "neural-networks-zero-to-hero"
DL_17 = "deep-learning-specialization"
SCRATCH = "re-implement-k-means-or-simple-nn-from-scratch"
HF = "hugging-face-course-cs224n"
BOOTCAMP = "full-stack-llm-bootcamp"
RAG = "building-advanced-rag-applications-llamaindex"
DDIA = "designing-data-intensive-applications"
MLOPS = "mlops-machine-learning-operations-specialization"
CAPSTONE = "capstone-portfolio"

DL = (DL_9, DL_17)
NG = (NG_ML, *DL)


def find(text: str, *among: str) -> tuple[Match, ...]:
    return described(clean(text), ROADMAP, among=among)


def rows(text: str, *among: str) -> list[tuple[str, ...]]:
    return [match.ids for match in find(text, *among)]


ONE_ROW = {
    SETUP: """
        i'm stuck in the python setup part
        the environment setup one took me all day
        is the setup stuff really necessary on a mac
        that dev environment thing from week 0
        the installation bit, do i need docker for it?
        ok the python environment setup one is done
        """,
    LINUX: """
        the linux thing
        do i have to do the command line part?
        that refresher with the terminal commands, i mean the linux one
        skip the cli bit
        the unix course
        i've used ubuntu for years, drop the linux refresher
        the shell scripting bit, how long
        that udemy linux course
        """,
    PANDAS: """
        the data frame book
        the pandas book
        McKinney
        Wes's book
        the book by the guy who invented pandas
        that book with the shrew on the cover
        the data wrangling one
        what wes mckinney wrote
        Mckiney's book
        the pandas thing in week 1
        I finished the pandas
        where did i stop in the python data analysis book
        Portilla
        the dataframes book was dry
        the panda book is on my kindle now
        how far am i in mckinney
        """,
    MATHS: """
        the maths
        i finished the maths yesterday
        the imperial college course
        that maths specialization
        the one from Imperial
        the math course on coursera
        the maths thing from london
        should i redo the calculus course
        the PCA course
        before the maths i want a break
        I skipped the math
        the mathematics one
        that multivariate calculus thing
        imperial college's maths course
        """,
    ALGEBRA: """
        the guy with the animations
        Grant's playlist
        Grant
        the animations guy
        3blue1brown's videos
        the linear algebra videos
        that essence thing
        the one with the pretty animations
        the Khan Academy stats thing
        the linear algebra playlist on youtube
        the animated maths videos
        that maths youtuber with the animations
        the blue and brown pi creatures one
        that statistics course
        i watched Grant Sanderson again
        the visual one about vectors
        the 3b1b videos are lovely
        Sanderson
        the guy who does the math animations
        the animatons guy
        """,
    DASHBOARD: """
        the dashboard project
        the sql project
        that data pipeline thing
        the first checkpoint
        my sql dashboard project
        the streamlit project
        i finished the dashboard
        the dashbord project
        the project with the database and the dashboard
        the pipeline project from week 6
        the interactive dashboard one
        """,
    GERON: """
        the keras book
        the hands-on book
        Geron
        Géron's book
        the scikit-learn book
        the orange book with the lizard on the cover
        that machine learning book
        the sklearn and tensorflow book
        the hands on ML book
        the salamander book
        the french guy's hands-on one
        that tensorflow tome
        Aurelien
        the ml textbook
        the hands-on one
        aurélien's book
        """,
    NG_ML: """
        the ML course on coursera
        Ng's machine learning course
        the octave one
        the classic machine learning course
        andrew's machine learning specialization
        the gentle one with the quizzes
        the ml specialization
        that famous machine learning class
        Andrew Ng's ML thing
        the quizzes one
        the machine learning lectures
        """,
    FASTAI: """
        Jeremy's course
        Jeremy
        the fastai one
        howard's videos
        jeremy howard
        the top-down course
        the practical deep learning course
        Jeremey explains it better
        the pytorch course
        the deep learning for coders thing
        that top-down deep learning one
        i'm with jeremy in lesson 3
        the guy from the fast.ai course
        """,
    KARPATHY: """
        the from-scratch neural net videos
        Karpathy
        karpathy's lectures
        andrej's playlist
        the zero to hero videos
        the neural network playlist
        the micrograd one
        that ex tesla guy
        the guy who codes gpt from scratch
        the makemore lectures
        Andrej
        Karpaty
        those neural nets from scratch lectures
        the backpropagation videos
        the neural networks youtube series
        where the karpathy series starts
        kaprathy's playlist
        """,
    SCRATCH: """
        the numpy one from scratch
        the k-means project
        the kmeans checkpoint
        the numpy project
        the from scratch project
        the numpy only checkpoint
        the reimplementation thing
        the second checkpoint
        the from-scratch checkpoint in week 20
        that one without libraries
        the k-means from scratch thing
        """,
    HF: """
        the stanford lectures
        the hugging face one
        the NLP course
        the stanford NLP class
        the natural language processing one
        the HF course
        the stanford thing
        the huggingface lessons one
        that cs224n stuff
        the one from stanford
        the transformers course
        """,
    BOOTCAMP: """
        the LLM bootcamp
        the bootcamp
        that full stack thing
        the fsdl one
        the full-stack course
        i skipped the bootcamp
        the prompt engineering one
        the two day bootcamp on llm apps
        the full stack boot camp
        the prompting course
        """,
    RAG: """
        the RAG thing
        the rag course
        the llamaindex one
        that retrieval augmented generation course
        the one about RAG
        the advanced rag part
        the RAG part of the roadmap
        the retrieval course
        the multi-agent rag thing
        jerry liu's course
        """,
    DDIA: """
        that Kleppmann brick
        the one about distributed systems
        Kleppmann
        Martin's book
        the book with the boar on the cover
        the wild boar book
        the data intensive one
        kleppman
        that database brick
        the system design book
        the distributed systems tome
        that thick book on distributed systems
        martin kleppmann
        the big pig book
        the brick
        klepmann's brick is killing me
        the o'reilly book about databases
        """,
    MLOPS: """
        the ops course from Duke
        Duke
        the duke one
        the ops part
        the mlops thing
        the Duke University specialization
        that kubernetes and docker course
        the production ML course
        the deployment course
        the one by Duke
        noah gift's course
        the devops one
        the machine learning operations course
        """,
    CAPSTONE: """
        the capstone
        the final project
        the portfolio thing
        my portfolio project
        the portfolio one
        that end-to-end project at the end
        the graduation project
        when do i start the capstone
        my capstone project
        """,
}

SEVERAL = {
    "the Ng thing": NG,
    "Ng": NG,
    "Andrew": NG,
    "andrew ng": NG,
    "Ng's course": NG,
    "the theory one": NG,
    "the deep learning one on coursera": DL,
    "Ng's deep learning course": DL,
    "the deep learning specialization": DL,
    "the dl spec": DL,
    "those five deep learning courses": DL,
    "the coursera deep learning thing": DL,
    "the deep learning course": (FASTAI, *DL),
    "the LLM part": (HF, BOOTCAMP, RAG),
    "the llm stuff": (HF, BOOTCAMP, RAG),
    "the LLM course": (HF, BOOTCAMP),
    "the from scratch one": (KARPATHY, SCRATCH),
    "the coursera one by andrew": NG,
    "the youtube videos": (LINUX, ALGEBRA, KARPATHY),
    "the o'reilly book": (PANDAS, GERON, DDIA),
    "the practical one": (GERON, FASTAI),
}


NONE = """
    how does attention work in the transformer part of the network
    the learning rate thing
    the loss one
    the second one
    the last part
    the first thing
    the next course
    that last book
    the third one please
    this one
    the one after that
    the other one
    which one
    the course
    the book
    the videos
    that thing
    the project
    the hard one
    the free ones
    this part
    the new stuff
    what is the difference between the train set and the test one
    i don't get the softmax part
    what does the bias term do in the hidden layer thing
    explain the RAG part
    i don't understand the pandas bit
    can you explain the maths part again
    i don't get the maths
    the math behind backpropagation
    explain the maths of the kernel trick
    how much of the maths is linear algebra
    what is the pandas way to do a left join
    the pandas series has missing values
    why is the pandas class DataFrame so slow
    the keras class I wrote does not train
    is the pytorch class for datasets iterable
    what is a keras model
    should i use the tensorflow version or the keras one
    the numpy array has the wrong shape
    the numpy broadcasting thing confuses me
    the docker container does not start
    the docker image is too big
    the kubernetes part of my config is broken
    what is the transformer part of the architecture
    the attention part of the encoder
    what does the embedding part of the model do
    the gradient descent part of the algorithm
    in the retrieval part of a RAG system, what is top k
    the RAG part of a chatbot
    how big should the rag chunks be
    do rag agents need a vector database
    what is retrieval augmented generation
    the LLM one shot prompt
    the rag one shot prompt fails
    how do i grant access to the database
    grant me permission to write the file
    how do i grant privileges in postgres
    did you grant the role
    my research grant ran out
    what did the grand plan say
    the giant model
    who is Jeremy Clarkson
    jeremy irons was great in that film
    my friend Jeremy says hello
    my colleague andrew is better at this
    hi andrew
    I'm Martin
    my name is Jeremy
    this is andrew, i have a question
    thanks, Martin
    uncle martin sent me a link
    martin luther king
    paul martin was prime minister
    the duke of wellington
    duke ellington was a jazz pianist
    duke nukem
    prince andrew
    andrew tate
    ron howard films
    howard stern
    toward the end of training
    a hoard of data
    how do i use ng-repeat in angular
    ng serve does not work
    ng build fails with an error
    5 ng per ml
    mckinsey report on ai
    the martini glass dataset
    what is the german credit data set
    does a heron migrate
    statistics of the batch norm layer
    what are summary statistics
    the sql query returns nothing
    the sql table has two keys
    the dashboard is blank after deploying
    a dashboard in streamlit that updates live
    my dashboard shows the wrong totals
    put a title on the dashboard
    my streamlit app reruns all the time
    the streamlit thing keeps rerunning
    the gradio thing does not share
    the linux kernel
    which linux distribution is best
    a linux server with two gpus
    run a python script from the command line
    the bash script stops
    the shell thing
    the python part of the script
    the python class has no attribute fit
    the setup of the experiment
    the setup is wrong
    in my setup the gpu is not found
    the neural network part of the model is frozen
    my neural network does not learn
    the neural net has two layers
    build a neural network from scratch
    train from scratch or fine-tune
    the from scratch training run diverged
    how do i implement kmeans in numpy
    is kmeans sensitive to scaling
    the k-means algorithm
    the clustering task
    the classification task is unbalanced
    the final layer of the network
    the final part of the pipeline
    the final loss
    the deployment of the model
    the production database is down
    the kubernetes cluster
    an ops team
    matrix ops in numpy
    vectorized ops are fast
    the distributed training job hangs
    distributed systems are hard
    what is consensus in a distributed system
    the wild west of ai
    is there a pig latin translator
    what animal is a boar
    the brick wall problem
    the capacity of the model
    the hidden state thing
    that vanishing gradient thing
    the overfitting problem
    that regularization thing with the squares
    the dropout bit
    the activation function stuff
    the tokenizer stuff
    the optimizer part
    the evaluation part
    the theory part
    the practical bit
    the coding part
    the training part takes too long
    the reading part
    the deep part of the net
    deep learning
    machine learning
    what is machine learning good for
    which deep learning framework is faster
    a book about databases
    which book should i read
    a good course on statistics
    any videos about linear algebra?
    best pandas book for beginners
    is there an llm course that is free
    what is a specialization
    what counts as a project
    the red channel of the image
    the time series has gaps
    the lectures were boring
    the guy who wrote this
    the person on the phone
    my statistics teacher only mumbles
    my boss
    the author of the paper
    the teacher model in distillation
    the teacher forcing one
    the visual cortex
    an animation of gradient descent
    animate a plot in matplotlib
    the principal components
    pca of the data
    what is the calculus of variations
    the imperial system uses inches
    how do i get into stanford university
    is a stanford degree worth it
    alpaca from stanford
    stanford sentiment treebank
    how to log in to hugging face
    push a model to the hugging face hub
    load pdfs into llamaindex
    the llama family
    what is the essence of bayes theorem
    the portfolio risk of two stocks
    stock portfolio optimisation
    capstone turbine
    a salamander in my garden
    the lizard is green
    what is the most practical one
    the more theoretical ones
    what is the hardest part
    is the first part of chapter 3 needed
    how long does it take
    what should i do next
    mark week 3 as done
    i finished week 5
    what is planned for phase 2
    remind me tomorrow
    stats please
    show me my stats
    how far am i
    i want to freelance with rag stuff
    only the hands-on stuff please
    all the udemy stuff
    which courses are on coursera
    the weather thing
    who won the world cup
    the one thing i hate
    the data thing
    the model one
    the cross validation one
    the F1 score thing
    the confusion matrix one
    the bag of words one
    the decision tree stuff
    the SVM part
    the batch size bit
    the GPU thing
    the memory one
    the API one
    the json thing
    the machine learning book by bishop
    the deep learning book by goodfellow
    the statistics book on my shelf
    the linear algebra book by strang
    the sql course at my university
    the llm project at work
    the rag project of my team
    the pandas project does not build
    the keras project on github
    the linux guy at work
    the python guy in my team
    the statistics professor
    my maths teacher
    is the dev model the same as the production one
    should i trust the single gpu run or the distributed one
    the dbscan clustering or the kmeans one
    the R version or the python one
    the tsne plot or the pca one
    the bert model or the gpt one
    the random forest or the neural network one
    venv or the conda one
    the nosql db or the sql one
    the zsh or the bash one
    mistral or the llama one
    the generation step or the retrieval one
    should i use the pytorch one or the jax one
    how does the numpy version differ from the torch one
    the attention one or the recurrent one
    why does the embedding one give worse results
    what is the clustering part for
    why is the sql part slow
    what does the retrieval bit return
    the visualization part looks ugly
    is the linear algebra part of PCA hard
    which stuff goes into the docker image
    the stuff in the virtual environment
    what is the stuff behind attention
    the thing with the gradients
    the thing with the two losses
    the bit about regularization
    the part about dropout
    the part where the gradients vanish
    the section on attention
    the one that overfits less
    the one with the lower loss
    the one without dropout
    the one that learns faster
    the model that won the kaggle competition
    the guy in the video
    the man who invented backpropagation
    the author of the transformer paper
    the person who labelled the data
    the book recommendation dataset
    the movie lens project
    the course of the river
    the class imbalance
    in the first class of passengers
    the positive class
    the training set
    the training loss
    the video classification task
    the series of matrix multiplications
    the time series one
    the playlist recommender
    the channel dimension
    the portfolio optimization problem
    what is the capstone of a pyramid
    is the final model saved
    the dashboards are slow
    how do i build a dashboard with gradio
    does duke energy pay dividends
    andrew lloyd webber musicals
    wes anderson movies
    noah built the ark
    martin scorsese films
    jose mourinho
    a fantasy novel by brandon sanderson
    howard hughes
    is grant money taxable
    a grant from the government
    the grant application
    hugh grant
    ulysses s grant
    student grant or loan
    manning the desk
    a manning book about spark
    the gift shop
    a gift for my mother
    what should i gift my dad
    martin the cat is ill
    my son noah has a fever
    jeremy corbyn
    the andrews curves plot
    franklin roosevelt
    how are you
    ok thanks
    the plan
    the roadmap
    the phase after that
    the checkpoint of the training run
    load the checkpoint and resume training
    the last checkpoint file is corrupt
    save the best checkpoint
    the checkpoint is 2 GB
    the model checkpoint
    the assignment operator
    assign the task to the gpu
    a multi-agent system
    vector databases
    the vector database thing
    the prompt template stuff
    the fine tuning part
    the quantization bit
    the lora thing
    the moe part
    the bert one
    the t5 one
    the agent part
    the chat template thing
    the instruction tuning stuff
    the ethics part
    the time part
    the money thing
    the money part
    the certificate thing
    that weird error thing
    the cuda stuff
    explain the maths
    what is the transformer one good at
    the same thing
    the whole thing
    the animation of my plot stutters
    """

GERON_OR_NG, FASTAI_OR_DL = (GERON, NG_ML), (FASTAI, DL_9)
LAST = (DDIA, MLOPS, CAPSTONE)
OFFERED = [
    # (answer, the rows that were offered, the rows meant)
    ("the hands-on one", GERON_OR_NG, (GERON,)),
    ("the theory one", GERON_OR_NG, (NG_ML,)),
    ("i'd go for the book", GERON_OR_NG, (GERON,)),
    ("book please", GERON_OR_NG, (GERON,)),
    ("the course", GERON_OR_NG, (NG_ML,)),
    ("coursera", GERON_OR_NG, (NG_ML,)),
    ("hands on", GERON_OR_NG, (GERON,)),
    ("the one from andrew", GERON_OR_NG, (NG_ML,)),
    ("the gentle one", GERON_OR_NG, (NG_ML,)),
    ("the keras one", GERON_OR_NG, (GERON,)),
    ("the pytorch one", FASTAI_OR_DL, (FASTAI,)),
    ("the hands-on one", FASTAI_OR_DL, (FASTAI,)),
    ("the theory one", FASTAI_OR_DL, (DL_9,)),
    ("the alternative", FASTAI_OR_DL, (DL_9,)),
    ("the preferred one please", FASTAI_OR_DL, (FASTAI,)),
    ("jeremy", FASTAI_OR_DL, (FASTAI,)),
    ("the supplemental one", DL, (DL_17,)),
    ("the one with the tuning", DL, (DL_17,)),
    ("Ng", (FASTAI, DL_9), (DL_9,)),
    ("the book", LAST, (DDIA,)),
    ("the project", LAST, (CAPSTONE,)),
    ("duke", LAST, (MLOPS,)),
    ("the mandatory one", LAST, (MLOPS, CAPSTONE)),
    ("the bootcamp", (HF, BOOTCAMP, RAG), (BOOTCAMP,)),
    ("the stanford one", (HF, BOOTCAMP, RAG), (HF,)),
    ("the rag one", (HF, BOOTCAMP, RAG), (RAG,)),
    ("the numpy one", (KARPATHY, SCRATCH), (SCRATCH,)),
    ("the videos", (KARPATHY, SCRATCH), (KARPATHY,)),
    ("the book", (DDIA,), (DDIA,)),
]


@pytest.mark.parametrize(
    ("text", "row"), [(line.strip(), row) for row, lines in ONE_ROW.items() for line in lines.strip().splitlines()]
)
def test_a_description_means_its_row(text: str, row: str) -> None:
    assert set(rows(text)) == {(row,)}


@pytest.mark.parametrize(("text", "meant"), SEVERAL.items())
def test_a_description_that_fits_several_rows_means_them_all(text: str, meant: tuple[str, ...]) -> None:
    assert [set(ids) for ids in rows(text)] == [set(meant)]


@pytest.mark.parametrize("text", [line.strip() for line in NONE.strip().splitlines()])
def test_what_describes_no_row_means_none(text: str) -> None:
    assert find(text) == ()


def test_there_are_enough_phrases() -> None:
    assert sum(len(lines.strip().splitlines()) for lines in ONE_ROW.values()) >= 120
    assert len(NONE.strip().splitlines()) >= 150


# --- questions that were asked --------------------------------------------------------------------------------------

NOT_PLAINLY_RIGHT: dict[str, str] = {}
"""Questions whose match is not of the row that they are about -> the match."""


def test_questions_describe_no_row_but_the_one_that_they_are_about() -> None:
    """The labels say which note answers a question of `own.jsonl`; the others are about pages, or about nothing."""
    asked = [q for name in ("answerable", "outside", "own") for q in questions(name)]
    wrong = {
        question: clean(question)[match.start : match.end]
        for question, notes in asked
        for match in find(question)
        if not notes & set(match.ids)
    }
    assert wrong == NOT_PLAINLY_RIGHT
    assert len(wrong) <= len(asked) // 100


@pytest.mark.parametrize(("name", "least"), [("own", 45), ("attributes", 90)])
def test_many_questions_about_rows_are_heard(name: str, least: int) -> None:
    assert sum(bool(find(question)) for question, _ in questions(name)) >= least


def questions(name: str) -> list[tuple[str, set[str]]]:
    """Each question of a file with the rows whose notes answer it."""
    lines = [json.loads(line) for line in (QUESTIONS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    urls = [[page["url"] for page in line.get("relevant", ()) if "url" in page] for line in lines]
    notes = [{url.removeprefix("note:") for url in found if url.startswith("note:")} for found in urls]
    return [(line["question"], found) for line, found in zip(lines, notes, strict=True)]


# --- rows that were offered -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "offered", "meant"), OFFERED)
def test_an_answer_to_an_offer_chooses_among_the_rows(
    text: str, offered: tuple[str, ...], meant: tuple[str, ...]
) -> None:
    assert rows(text, *offered) == [meant]


@pytest.mark.parametrize(
    "text",
    ["the second one", "the last one", "yes", "what is overfitting", "how long?", "the shorter one", "the other"],
)
def test_an_answer_that_tells_no_rows_apart_chooses_none(text: str) -> None:
    assert find(text, *GERON_OR_NG) == ()


def test_a_row_that_was_not_offered_is_not_chosen() -> None:
    assert find("the kleppmann book", *GERON_OR_NG) == ()


def test_what_fits_all_that_was_offered_chooses_none() -> None:
    assert find("the ng one", *DL) == ()
    assert find("the course", *FASTAI_OR_DL) == ()


# --- where it stands ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("is the Keras book any good?", ["the keras book"]),
        ("i gave up on the guy with the animations", ["the guy with the animations"]),
        ("Jeremy's course or the one by Ng", ["jeremy's course", "the one by ng"]),
        ("are Andrew Ng's deep learning lectures free", ["andrew ng's deep learning lectures"]),
        ("who is the author of the keras book", ["the keras book"]),
        ("the deep learning one on coursera in week 9", ["the deep learning one on coursera"]),
        ("skip the kleppmann and the RAG thing", ["the kleppmann", "the rag thing"]),
        ("that's Karpathy, isn't it", ["karpathy"]),
        ("the course about RAG", ["the course about rag"]),
        ("finished the maths, starting grant's playlist", ["the maths", "grant's playlist"]),
        ("Wes McKinney or Martin Kleppmann", ["wes mckinney", "martin kleppmann"]),
    ],
)
def test_a_match_says_where_it_stands(text: str, parts: list[str]) -> None:
    assert [clean(text)[match.start : match.end] for match in find(text)] == parts


@pytest.mark.parametrize(
    "text", ["", " ", "?", "the", "the one", "'s", "ng's", "the the the book", "а" * 5000, "the rag thing " * 200]
)
def test_odd_texts_do_no_harm(text: str) -> None:
    matches = find(text)
    assert all(0 < match.score <= 1 and 0 <= match.start < match.end <= len(clean(text)) for match in matches)
    assert all(first.end <= second.start for first, second in pairwise(matches))


def test_it_is_quick() -> None:
    """Under 2 ms a message, with room for a slow machine: the roadmap's part is remembered."""
    texts = [clean(question) for question, _ in questions("own")]
    found = min(timed(texts) for _ in range(3))
    assert found / len(texts) < 0.002
    assert min(timed([clean("the rag thing by the keras guy " * 25)]) for _ in range(3)) < 0.02


def timed(texts: list[str]) -> float:
    begin = time.perf_counter()
    for text in texts:
        described(text, ROADMAP)
    return time.perf_counter() - begin


# --- the data -------------------------------------------------------------------------------------------------------


@cache
def data() -> dict[str, dict[str, dict[str, list[str]]]]:
    return tomllib.loads(Path(row_description.__file__).with_name("descriptions.toml").read_text(encoding="utf-8"))


def test_every_row_is_described_and_nothing_else() -> None:
    assert set(data()["rows"]) == {resource.id for resource in ROADMAP.resources}


@pytest.mark.parametrize("row", [resource.id for resource in ROADMAP.resources])
def test_a_row_has_a_handful_of_terms_none_of_them_twice(row: str) -> None:
    entry = data()["rows"][row]
    terms = [*entry["words"], *entry["traits"], *entry["topics"]]
    assert len(terms) >= 8
    assert len(set(terms)) == len(terms)


def test_every_format_is_one_that_a_noun_asks_for() -> None:
    formats = {format for entry in data()["rows"].values() for format in entry["formats"]}
    assert formats - {"setup"} <= {str(head["format"]) for head in data()["heads"].values()}


def test_a_row_that_the_data_does_not_know_is_described_by_its_title() -> None:
    def renamed(roadmap: Roadmap) -> Roadmap:
        phases = [
            replace(phase, blocks=tuple(
                replace(block, resources=tuple(replace(row, id=f"new-{row.id}") for row in block.resources))
                for block in phase.blocks
            ))
            for phase in roadmap.phases
        ]  # fmt: skip
        return replace(roadmap, phases=tuple(phases))

    new = renamed(ROADMAP)
    assert [m.ids for m in described("the data intensive applications book", new)] == [(f"new-{DDIA}",)]
    assert [m.ids for m in described("kleppmann", new)] == [(f"new-{DDIA}",)]
    assert described("the loss one", new) == ()
