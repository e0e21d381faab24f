/// The formal names behind well-known short forms of English given names.
///
/// General knowledge, as any dictionary of given names has it; no list of anybody's people stands
/// behind it. A short form may stand for several names: “Chris” for Christopher and Christine.
package enum Nicknames {
    /// A formal name, then its short forms, one name a line.
    package static let lines = """
        abigail abi abbie abby gail
        alan al
        albert al bert bertie albie
        alexander alex alec sandy xander lex
        alexandra alex alexa sandra lexi lexie sandy
        alfred alf alfie fred
        alison ali ally
        amanda mandy
        andrew andy drew
        angela angie
        anne annie
        anthony tony ant
        antonia toni
        archibald archie
        arthur art artie
        barbara barb babs barbie
        barnaby barney
        bartholomew bart
        benjamin ben benny benji
        bernard bernie
        bethany beth
        beverley bev
        bradley brad
        bronwen bron
        cameron cam
        caroline carrie caz
        catherine cath cathy cat kate katie kitty
        charles charlie chas chuck
        charlotte charlie lottie lotte
        christine chris chrissie tina
        christina chris chrissie tina
        christopher chris kit topher
        clifford cliff
        constance connie
        cynthia cindy
        daniel dan danny
        danielle dani
        david dave davey davy dai
        deborah deb debbie debs
        dennis den denny
        derek del
        diana di
        donald don donnie
        dorothy dot dottie dolly
        douglas doug dougie
        edmund ed eddie ned
        edward ed eddie ted teddy ned eddy
        edwin ed eddie
        eleanor ellie nell nellie nora
        elizabeth liz lizzie beth betty bess bessie betsy libby lizzy eliza elsie lisa
        ella ellie
        ellen nell nellie ellie
        emily em emmy millie
        emma em emmy
        eric rick
        ernest ernie
        eugene gene
        evelyn evie eve
        felicity flick fliss
        florence flo florrie flossie
        frances fran frankie franny
        francis frank frankie
        franklin frank
        frederick fred freddie freddy
        gabriel gabe
        gabrielle gabby gaby
        gareth gaz
        gary gaz gazza
        geoffrey geoff jeff
        george georgie
        georgina georgie
        gerald gerry jerry
        gillian gill gilly jill
        gordon gordy
        graham gray
        gregory greg
        gwendolyn gwen
        harold harry hal
        harriet hattie harri
        harrison harry
        helen nell nellie
        henry harry hank hal
        herbert herb bert bertie
        hilary hils
        horace horry
        hugh hughie huw
        imogen immy
        isaac zac ike
        isabel izzy bella belle
        isabella izzy bella
        isabelle izzy belle
        jacob jake
        jacqueline jackie jacqui
        james jim jimmy jamie jem
        jane janie
        janet jan
        janice jan
        jasmine jas jaz
        jason jase
        jeffrey jeff
        jennifer jen jenny jennie
        jeremy jem jez jerry
        jessica jess jessie
        joan joanie
        joanna jo
        joanne jo
        jocelyn joss
        john jack johnny jon
        jonathan jon jonny jonty
        joseph joe joey
        josephine jo josie
        joshua josh
        judith judy jude
        julia jules
        julian jules
        julie jules
        katherine kath kathy kat kate katie kitty kathie
        kathleen kath kathy kathie
        kenneth ken kenny
        kevin kev
        kimberley kim
        laura laurie
        lawrence larry laurie loz
        leonard len lenny leo
        leslie les
        lesley les
        lewis lew lou
        lillian lil lily
        louis lou louie
        louise lou
        lucas luke
        lucinda lucy cindy
        madeleine maddie maddy
        malcolm malc mal
        margaret maggie meg peggy peg madge marge margie greta rita daisy
        martin marty
        mary molly polly mamie
        matilda tilly tillie matty
        matthew matt matty
        maureen mo
        maurice mo morrie
        maxwell max
        maximilian max
        megan meg
        melanie mel
        melissa mel lissa
        michael mick mike mickey micky mikey
        michelle shell chelle
        millicent millie
        mildred millie
        mohammed mo mohammad muhammad mohamed mohamad muhammed
        nancy nan
        natalie nat
        natasha tasha nat
        nathan nate nat
        nathaniel nate nat nathan
        nicholas nick nicky nico
        nicola nicky nikki
        nigel nige
        norman norm
        oliver ollie olly
        olivia liv livvy
        oscar ozzie
        oswald oz ozzie
        pamela pam
        patricia pat patsy tricia trish patty
        patrick pat paddy
        penelope penny
        peter pete
        philip phil pip
        philippa pippa pip
        phoebe phebe
        priscilla cilla prissy
        rachel rach
        raymond ray
        rebecca becky becca bex
        reginald reg reggie
        richard dick rick ricky rich richie
        robert rob bob bobby robbie bobbie
        roberta bobbie
        robin rob
        roderick rod roddy
        rodney rod
        roger rog
        ronald ron ronnie
        rosemary rose rosie
        rose rosie
        roseanne rose rosie
        samantha sam sammy sammie
        samuel sam sammy
        sarah sally sadie
        sebastian seb
        sharon shaz
        sidney sid
        simon si
        sophia sophie
        sophie soph
        stanley stan
        stephanie steph
        stephen steve stevie ste
        steven steve stevie ste
        stuart stu
        stewart stu
        susan sue susie suzie sukie
        susannah sue susie suzie
        suzanne sue susie suzie
        sylvia syl
        tabitha tabby
        terence terry tel
        teresa terry tess tessa
        theodore ted teddy theo
        theresa terry tess tessa
        thomas tom tommy
        timothy tim timmy
        toby tobes
        trevor trev
        valerie val
        vanessa nessa
        veronica ronnie
        victor vic
        victoria vicky vicki vikki tori vic
        vincent vince vinnie
        violet vi
        virginia ginny
        walter wally walt wat
        wendy wend
        wilfred wilf fred
        william will bill billy willy willie liam
        winifred winnie freda
        yvonne vonny
        zachary zac zach zack
        """
}
