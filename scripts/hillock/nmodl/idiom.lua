local idiom = {}
function idiom.annotate() end
return idiom
